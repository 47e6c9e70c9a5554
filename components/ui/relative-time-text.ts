const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayOfYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** How long ago, or until: `now`, `4 s`, `12 min`, `3 h`, `2 d`, then the date. Both in milliseconds since 1970. */
export function relativeTimeText(at: number, now: number): string {
  const distance = Math.abs(now - at);
  if (distance < 2 * SECOND) return 'now';
  if (distance < MINUTE) return `${Math.floor(distance / SECOND)} s`;
  if (distance < HOUR) return `${Math.floor(distance / MINUTE)} min`;
  if (distance < DAY) return `${Math.floor(distance / HOUR)} h`;
  if (distance < 7 * DAY) return `${Math.floor(distance / DAY)} d`;
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return (sameYear ? day : dayOfYear).format(at);
}

/** The same within a sentence: `just now`, `4 min ago`, `in 3 d`, `on 21 Oct`. */
export function relativeTimePhrase(at: number, now: number): string {
  const text = relativeTimeText(at, now);
  if (text === 'now') return 'just now';
  if (Math.abs(now - at) >= 7 * DAY) return `on ${text}`;
  return at > now ? `in ${text}` : `${text} ago`;
}

/** Date and time to the second, in the reader's time zone, which it names: `21 Nov 2026, 11:41:48 CET`. */
export const exactTimeText = (at: number): string => exact.format(at);

/** Time of day to the second: `11:41:48`. */
export const clockTimeText = (at: number): string => clock.format(at);
