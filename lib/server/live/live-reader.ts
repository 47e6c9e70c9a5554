import type { WireEntry } from '@/lib/protocol/entry';
import type { WorkspaceId } from '@/lib/protocol/ids';
import type { Stream } from '@/lib/protocol/stream';
import type { Queryable } from '../ledger/command';
import { ledgerEpoch, readStream, streamHead } from '../ledger/read-entries';

/** What the live stream asks of the ledger. Every call may fail while the database is away. */
export type LiveReader = {
  /** Names the ledger; another one after a restore. */
  epoch(workspaceId: WorkspaceId): Promise<string>;
  /** The last `streamSeq` of a stream, 0 where it has no entries. */
  head(workspaceId: WorkspaceId, stream: Stream): Promise<number>;
  /** Up to `limit` entries from `after + 1`, ascending and contiguous. */
  entries(
    workspaceId: WorkspaceId,
    stream: Stream,
    range: { after: number; limit: number },
  ): Promise<readonly WireEntry[]>;
};

export const ledgerReader = (db: Queryable): LiveReader => ({
  epoch: (workspaceId) => ledgerEpoch(db, workspaceId),
  head: (workspaceId, stream) => streamHead(db, workspaceId, stream),
  entries: (workspaceId, stream, range) => readStream(db, workspaceId, stream, range),
});
