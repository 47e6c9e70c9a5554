const tenths = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** How long something took: `198 ms`, `6.4 s`, `4 min`. */
export function latencyText(ms: number): string {
  if (ms < 1_000) return `${whole.format(Math.max(0, ms))} ms`;
  if (ms < 60_000) return `${tenths.format(ms / 1_000)} s`;
  return `${whole.format(ms / 60_000)} min`;
}

/** A number of things, as people write it: `1,148`. */
export const countText = (count: number): string => whole.format(count);
