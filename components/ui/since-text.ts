import { clockTimeText, exactTimeText } from './relative-time-text';

/** Since when: the time of day for what began today, date and time for what is older. Milliseconds since 1970. */
export const sinceText = (at: number, now: number): string =>
  new Date(at).toDateString() === new Date(now).toDateString() ? clockTimeText(at) : exactTimeText(at);
