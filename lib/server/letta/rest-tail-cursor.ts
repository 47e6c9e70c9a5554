/**
 * Where the reading of all messages stands: it goes on after the message `place` (null: from the first), and leaves out
 * those that were told since, each with the time when that was.
 */
export type TailCursor = { place: string | null; told: Map<string, number> };

const SETTLE_MS = 5_000;
const TOLD_MAX = 100; // a cursor is kept in a database, and is to stay small

const BEGINNING = '^';

/** `<place>` or `<place>~<id>@<time>,…`. Ids of messages hold none of these marks. */
export function formatCursor({ place, told }: TailCursor): string {
  const since = [...told].map(([id, at]) => `${id}@${at.toString(36)}`);
  return [place ?? BEGINNING, ...(since.length > 0 ? [since.join(',')] : [])].join('~');
}

/** The opposite; what it does not understand is a place that is gone. */
export function parseCursor(cursor: string): TailCursor {
  const [place = BEGINNING, since = ''] = cursor.split('~');
  const told = since.split(',').flatMap((entry): [string, number][] => {
    const [id, at] = entry.split('@');
    return id && at ? [[id, Number.parseInt(at, 36)]] : [];
  });
  return { place: place === BEGINNING ? null : place, told: new Map(told) };
}

/**
 * The cursor after `page` has been told, a page of at most `limit` messages that follow the place of `from`.
 *
 * INVARIANT: the place stays 5 s behind what was told first. A server numbers messages when it writes them and shows
 * them when it commits, so that one with a smaller number can appear after one with a greater. Only a full page goes on
 * to its end at once: it is a backlog, and what was written long ago.
 */
export function advance(from: TailCursor, page: { id: string }[], limit: number, now: number): TailCursor {
  const ids = [...new Set(page.map(({ id }) => id))];
  const told = new Map(from.told);
  for (const id of ids) told.set(id, told.get(id) ?? now);
  let { place } = from;
  for (const id of ids) {
    const settled = now - (told.get(id) ?? now) >= SETTLE_MS;
    if (!settled && ids.length < limit && told.size <= TOLD_MAX) break;
    place = id;
    told.delete(id);
  }
  return { place, told };
}
