const AT_LATEST_MS = 2_000;

/** Calls `work` once when the browser has nothing to do, or where it does not tell that, a while from now. */
export function onRest(work: () => void): () => void {
  if (typeof window.requestIdleCallback !== 'function') {
    const timer = setTimeout(work, AT_LATEST_MS);
    return () => clearTimeout(timer);
  }
  const waiting = window.requestIdleCallback(work, { timeout: AT_LATEST_MS });
  return () => window.cancelIdleCallback(waiting);
}
