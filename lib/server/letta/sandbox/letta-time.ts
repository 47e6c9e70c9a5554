const withoutZone = (date: Date) => date.toISOString().slice(0, -1);

/** Dates of messages: whole seconds only, so that many messages share one. */
export const messageDate = (date: Date): string => `${date.toISOString().slice(0, 19)}+00:00`;

/** Microseconds and `Z`, as of runs, agents and conversations. */
export const zonedDate = (date: Date): string => `${withoutZone(date)}000Z`;

/** When a run ended: microseconds WITHOUT a zone, which JavaScript takes for local time. */
export const unzonedDate = (date: Date): string => `${withoutZone(date)}000`;
