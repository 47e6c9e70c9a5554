const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const two = (figure: number) => String(figure).padStart(2, '0');

/** A running time as on a stop-watch: `0:03`, `12:40`, `1:02:07`. Milliseconds in. */
export function stopwatchText(ms: number): string {
  const whole = Math.max(0, ms);
  const hours = Math.floor(whole / HOUR);
  const minutes = Math.floor((whole % HOUR) / MINUTE);
  const seconds = Math.floor((whole % MINUTE) / SECOND);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** A pause in words: `340 ms`, `0.9 s`, `42 s`, `3:05`, `18 min`, `2 h`. Milliseconds in. */
export function pauseText(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < SECOND) return `${Math.round(whole)} ms`;
  if (whole < 10 * SECOND) return `${(Math.floor(whole / 100) / 10).toFixed(1)} s`;
  if (whole < MINUTE) return `${Math.floor(whole / SECOND)} s`;
  if (whole < 10 * MINUTE) return stopwatchText(whole);
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min`;
  return `${Math.floor(whole / HOUR)} h`;
}
