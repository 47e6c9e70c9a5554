const withoutZone = (date: Date) => date.toISOString().slice(0, -1);

/** Dates of messages: whole seconds only, so that many messages share one. */
export const messageDate = (date: Date): string => `${date.toISOString().slice(0, 19)}+00:00`;

/** Microseconds and `Z`, as of runs, agents and conversations. */
export const zonedDate = (date: Date): string => `${withoutZone(date)}000Z`;

/** When a run ended: microseconds WITHOUT a zone, which JavaScript takes for local time. */
export const unzonedDate = (date: Date): string => `${withoutZone(date)}000`;

/** The time that is wrapped around a tool return for the model, such as `2026-11-20 11:24:05 PM UTC+0000`. */
export function toolReturnDate(date: Date): string {
  const iso = date.toISOString();
  const hours = date.getUTCHours();
  const twelve = String(hours % 12 || 12).padStart(2, '0');
  return `${iso.slice(0, 10)} ${twelve}${iso.slice(13, 19)} ${hours < 12 ? 'AM' : 'PM'} UTC+0000`;
}
