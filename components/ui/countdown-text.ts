/** From then on the seconds stand on amber. */
const LAST_MS = 10_000;

/** A deadline as its ring and figure show it; `share` is what is left of its time, 0–1. Times in milliseconds since 1970. */
export type CountdownLook = { figure: string; share: number; isLast: boolean; isOver: boolean };

/** `0:48`, `12:05`, `3 h`, `2 d`; over, it is a word. */
export function countdownLook(from: number, until: number, now: number): CountdownLook {
  if (until <= now) return { figure: 'Expired', share: 0, isLast: false, isOver: true };
  const whole = Math.max(until - from, 1);
  const left = Math.min(until - now, whole); // never more than there was, however the two clocks stand
  return { figure: figureOf(left), share: Math.min(1, left / whole), isLast: left <= LAST_MS, isOver: false };
}

function figureOf(leftMs: number): string {
  const seconds = Math.ceil(leftMs / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  const hours = Math.floor(seconds / 3_600);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}
