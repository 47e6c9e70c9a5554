import { isAppError } from '@/lib/protocol/errors';

/** From which end of what is asked for `limit` counts. */
type End = 'oldest' | 'newest';

/** `words` is what the server says of what it could not list between the two; null where it has listed everything. */
type Readable<Row> = { before: Row[]; after: Row[]; words: string | null };

/** A backlog behind such a message may be longer than a page. */
const BEHIND_MAX = 4_096;
const UNREADABLE = /validation errors? for \w*Message\b|^Letta: Invalid (?:system|user) message\b/;

/**
 * Lists messages although some cannot be listed. HAZARD: the server takes inputs of which it can make no message any more
 * when it lists them, such as instructions in several parts: any page that holds one of them fails, for every agent, from
 * then on (letta 0.16.8). What stands before the first such message and what stands after the last one is read in pieces,
 * oldest first.
 */
export async function listReadable<Row>(
  list: (end: End, limit: number) => Promise<Row[]>,
  end: End,
  limit: number,
): Promise<Readable<Row>> {
  try {
    return { before: [], after: await list(end, limit), words: null };
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    const before = end === 'oldest' ? await longest(list, 'oldest', limit) : [];
    const after = await longest(list, 'newest', end === 'oldest' ? BEHIND_MAX : limit);
    return { before, after, words: error.message };
  }
}

const isUnreadable = (error: unknown): error is Error =>
  isAppError(error) && error.code === 'request.invalid' && UNREADABLE.test(error.message);

/** As many as can be listed from that end, at most `max`. */
async function longest<Row>(list: (end: End, limit: number) => Promise<Row[]>, end: End, max: number): Promise<Row[]> {
  let rows: Row[] = [];
  let readable = 0;
  let unreadable = max + 1;
  while (unreadable - readable > 1) {
    const isOpen = unreadable > max;
    const size = isOpen ? Math.min(max, Math.max(1, readable * 2)) : Math.floor((readable + unreadable) / 2);
    try {
      rows = await list(end, size);
      readable = size;
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      unreadable = size;
    }
  }
  return rows;
}
