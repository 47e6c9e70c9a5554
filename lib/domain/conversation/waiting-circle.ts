/** One agent's thread waits for another's: it stands at a call that the other's turn will answer. */
export type Wait = { from: string; to: string };

/** Whether a new wait of `from` for `to` would close a circle in which everybody waits for ever. */
export function closesCircle(waits: readonly Wait[], from: string, to: string): boolean {
  const reached = new Set<string>();
  const next = [to];
  for (let thread = next.pop(); thread !== undefined; thread = next.pop()) {
    if (thread === from) return true;
    if (reached.has(thread)) continue;
    reached.add(thread);
    for (const wait of waits) if (wait.from === thread) next.push(wait.to);
  }
  return false;
}
