/**
 * Runs `work` every `ms` until stopped, never twice at once: a run that takes longer swallows the ticks in between.
 * `work` must not reject.
 */
export function every(ms: number, work: () => Promise<void> | void): () => void {
  let running = false;
  const timer = setInterval(async () => {
    if (running) return;
    running = true;
    await work();
    running = false;
  }, ms);
  timer.unref();
  return () => clearInterval(timer);
}
