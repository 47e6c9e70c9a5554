import type { WireEntry } from '@/lib/protocol/entry';
import type { WorkspaceId } from '@/lib/protocol/ids';
import type { EventsQuery, Page } from '@/lib/protocol/page';
import type { Stream } from '@/lib/protocol/stream';
import type { Queryable } from './command';
import { readStream, readStreamBackwards, readStreamFrom } from './read-entries';

/**
 * A page of a stream's history, ascending: after a `streamSeq` (from the first on, where no place is given), the last ones
 * before one, or from a time on. `next` goes into `before` where that was given, else into `after`.
 */
export async function readHistory(
  db: Queryable,
  workspaceId: WorkspaceId,
  stream: Stream,
  { after = 0, before, from, limit }: EventsQuery,
): Promise<Page<WireEntry>> {
  if (before !== undefined) {
    const items = await readStreamBackwards(db, workspaceId, stream, { before, limit });
    const first = items[0]?.streamSeq ?? 1;
    return { items, next: first > 1 ? String(first) : null };
  }
  const found =
    from === undefined
      ? await readStream(db, workspaceId, stream, { after, limit: limit + 1 })
      : await readStreamFrom(db, workspaceId, stream, { from, limit: limit + 1 });
  const items = found.slice(0, limit);
  return { items, next: found.length > limit ? String(items.at(-1)?.streamSeq ?? 0) : null };
}
