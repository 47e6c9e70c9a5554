import type { Conversation } from '@/lib/protocol/conversation';
import type { WireEntry } from '@/lib/protocol/entry';
import type { WorkspaceId } from '@/lib/protocol/ids';
import type { Stream } from '@/lib/protocol/stream';
import type { Task } from '@/lib/protocol/task';
import type { Caller } from '../access/caller';
import { readConversations } from '../conversations/read-conversations';
import type { Queryable } from '../ledger/command';
import { ledgerEpoch, readStream, streamHead } from '../ledger/read-entries';
import { isOwnTask, readTasksById } from '../tasks/read-tasks';

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
  /** Those of the conversations that stand in the lists. */
  conversations(workspaceId: WorkspaceId, ids: readonly string[]): Promise<readonly Conversation[]>;
  tasks(workspaceId: WorkspaceId, ids: readonly string[]): Promise<readonly Task[]>;
  /** Whether an agent's key works on this task, or speaks for who gave or holds it. */
  isOwnTask(caller: Caller, id: string): Promise<boolean>;
};

export const ledgerReader = (db: Queryable): LiveReader => ({
  epoch: (workspaceId) => ledgerEpoch(db, workspaceId),
  head: (workspaceId, stream) => streamHead(db, workspaceId, stream),
  entries: (workspaceId, stream, range) => readStream(db, workspaceId, stream, range),
  conversations: (workspaceId, ids) => readConversations(db, workspaceId, ids),
  tasks: (workspaceId, ids) => readTasksById(db, workspaceId, ids, new Date()),
  isOwnTask: (caller, id) => isOwnTask(db, caller, id),
});
