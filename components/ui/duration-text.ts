const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const tenths = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const two = (figure: number) => String(figure).padStart(2, '0');

/** How long something took: `198 ms`, `6.4 s`, `4 min`. Milliseconds in. */
export function latencyText(ms: number): string {
  if (ms < SECOND) return `${whole.format(Math.max(0, ms))} ms`;
  if (ms < MINUTE) return `${tenths.format(ms / SECOND)} s`;
  return `${whole.format(ms / MINUTE)} min`;
}

/** A running time as on a stop-watch: `0:03`, `12:40`, `1:02:07`. Milliseconds in. */
export function stopwatchText(ms: number): string {
  const left = Math.max(0, ms);
  const hours = Math.floor(left / HOUR);
  const minutes = Math.floor((left % HOUR) / MINUTE);
  const seconds = Math.floor((left % MINUTE) / SECOND);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** How long nothing was said, to the second: `now`, `9 s`, `3:05`. Milliseconds in. */
export const silenceText = (ms: number): string =>
  ms < SECOND ? 'now' : ms < 10 * SECOND ? `${Math.floor(ms / SECOND)} s` : pauseText(ms);

/**
 * A pause that may still grow, never rounded up: `340 ms`, `0.9 s`, `42 s`, `3:05`, `18 min`, `2 h`. Milliseconds in.
 */
export function pauseText(ms: number): string {
  const left = Math.max(0, ms);
  if (left < SECOND) return `${Math.round(left)} ms`;
  if (left < 10 * SECOND) return `${(Math.floor(left / 100) / 10).toFixed(1)} s`;
  if (left < MINUTE) return `${Math.floor(left / SECOND)} s`;
  if (left < 10 * MINUTE) return stopwatchText(left);
  if (left < HOUR) return `${Math.floor(left / MINUTE)} min`;
  return `${Math.floor(left / HOUR)} h`;
}
