import { memoryChanges } from '@/lib/domain/conversation/memory-changes';
import type { Actor } from '@/lib/protocol/actor';
import type { Block } from '@/lib/protocol/agent';
import type { ConversationId, SeatId, WorkspaceId } from '@/lib/protocol/ids';
import { conversationStream } from '@/lib/protocol/stream';
import { fromStoredText, toStoredText } from '../database/stored-text';
import type { NewEntry, Queryable } from '../ledger/command';
import type { Ledger } from '../ledger/ledger';

type SeatKey = { workspaceId: WorkspaceId; conversationId: ConversationId; seat: SeatId };

/** No block has this label: it says that the blocks of a seat were read at least once. */
const READ = '';

/** Remembers the blocks of the agent in a seat as they are now, for later changes to be told from. */
export async function rememberMemory(db: Queryable, key: SeatKey, blocks: readonly Block[]): Promise<void> {
  const rows = [{ label: READ, value: '' }, ...blocks];
  await db.query('DELETE FROM memory_block WHERE workspace_id = $1 AND conversation_id = $2 AND seat = $3', [
    ...[key.workspaceId, key.conversationId, key.seat],
  ]);
  await db.query(
    `INSERT INTO memory_block (workspace_id, conversation_id, seat, label, value)
     SELECT $1, $2, $3, * FROM unnest($4::text[], $5::text[])`,
    [
      ...[key.workspaceId, key.conversationId, key.seat],
      rows.map(({ label }) => toStoredText(label)),
      rows.map(({ value }) => toStoredText(value)),
    ],
  );
}

/** What was told of one block: null where there was or is none of that label. */
export type MemoryChange = { label: string; before: string | null; after: string | null };

/** Whether the blocks of an agent are as they were when they were last looked at, in each of these seats. */
export async function remembersMemory(
  db: Queryable,
  workspaceId: WorkspaceId,
  seats: readonly Pick<SeatKey, 'conversationId' | 'seat'>[],
  blocks: readonly Block[],
): Promise<boolean> {
  const { rows } = await db.query<{ conversation_id: string; seat: string; label: string; value: string }>(
    `SELECT m.conversation_id, m.seat, m.label, m.value FROM memory_block m
     JOIN unnest($2::uuid[], $3::text[]) AS s (conversation_id, seat)
       ON m.conversation_id = s.conversation_id AND m.seat = s.seat
     WHERE m.workspace_id = $1 AND m.label <> ''`,
    [workspaceId, seats.map(({ conversationId }) => conversationId), seats.map(({ seat }) => seat)],
  );
  const now = new Map(blocks.map(({ label, value }) => [toStoredText(label), toStoredText(value)]));
  return rows.length === seats.length * now.size && rows.every(({ label, value }) => now.get(label) === value);
}

/**
 * Tells in the conversation what has changed in the blocks of the agent in a seat since they were last looked at.
 * Resolves with what was told.
 */
export async function noteMemory(
  ledger: Ledger,
  key: SeatKey,
  actor: Actor,
  blocks: readonly Block[],
): Promise<MemoryChange[]> {
  const { workspaceId, conversationId, seat } = key;
  const stream = conversationStream(conversationId);
  return ledger.append({
    workspaceId,
    actor,
    load: async (db) => {
      // INVARIANT: where the stream stands is read first, so that what is told in between counts as a move of it.
      const head = await db.query<{ streamSeq: number }>(
        'SELECT stream_seq::float8 AS "streamSeq" FROM conversation WHERE workspace_id = $1 AND id = $2',
        [workspaceId, conversationId],
      );
      const { rows } = await db.query<{ label: string; value: string }>(
        'SELECT label, value FROM memory_block WHERE workspace_id = $1 AND conversation_id = $2 AND seat = $3',
        [workspaceId, conversationId, seat],
      );
      const known = new Map(rows.map(({ label, value }) => [fromStoredText(label), fromStoredText(value)]));
      return { known, streamSeq: head.rows[0]?.streamSeq ?? 0 };
    },
    decide: ({ known, streamSeq }) => {
      const isRead = known.has(READ);
      const before = new Map([...known].filter(([label]) => label !== READ));
      const changes = memoryChanges(
        seat,
        before,
        new Map(blocks.map(({ label, value }) => [label.toWellFormed(), value.toWellFormed()])),
      );
      return {
        ok: true,
        entries: isRead ? changes.map((fact): NewEntry => ({ ...fact, stream })) : [],
        expects: isRead && changes.length > 0 ? [{ stream, streamSeq }] : [],
        write: async (db) => {
          if (!isRead || changes.length > 0) await rememberMemory(db, key, blocks);
        },
        answer: () => (isRead ? changes.map(({ payload: { seat: _seat, ...change } }) => change) : []),
      };
    },
  });
}
