import { applyTask } from '@/lib/domain/task/apply-task';
import type { PlacedFact, TaskEntryType, TaskRecord } from '@/lib/domain/task/task-record';
import { taskEntries } from '@/lib/protocol/entries/task-entries';
import type { Entry, EntryOf, EntryType } from '@/lib/protocol/entry';
import type { WorkspaceId } from '@/lib/protocol/ids';
import { int8Array, textArray, timestamptzArray, uuidArray } from '../database/binary-array';
import { jsonOfText } from '../database/json-of-text';
import { toStoredText } from '../database/stored-text';
import type { Queryable } from '../ledger/command';
import type { Leave, Projection } from '../ledger/projection';
import type { KnownTasks } from './known-tasks';

type TaskEntry = { [T in TaskEntryType]: EntryOf<T> }[TaskEntryType];

const isTaskEntry = (entry: Entry): entry is TaskEntry => entry.type in taskEntries;
const idOf = (entry: Pick<Entry, 'stream'>): string => entry.stream.slice('task:'.length);
const ofType = <T extends TaskEntryType>(entries: readonly TaskEntry[], type: T) =>
  entries.filter((entry): entry is TaskEntry & { type: T } => entry.type === type);

// HAZARD: not a named statement, for the reason told in load-task.
const RECORDS = 'SELECT id, record FROM task WHERE workspace_id = $1 AND id = ANY ($2::uuid[])';

const WRITE = {
  name: 'task_write',
  text: `
    INSERT INTO task (workspace_id, id, stream_seq, parent_id, state, principal_id, runner, agent_id, command, record, created_at)
    SELECT $1, t.id, t.stream_seq, t.parent_id::uuid, t.state, t.principal_id, t.runner, t.agent_id, t.command, t.record,
      t.created_at
    FROM unnest($2::uuid[], $3::int8[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
      $11::timestamptz[])
      AS t (id, stream_seq, parent_id, state, principal_id, runner, agent_id, command, record, created_at)
    ON CONFLICT (workspace_id, id) DO UPDATE SET stream_seq = excluded.stream_seq, state = excluded.state,
      agent_id = excluded.agent_id, record = excluded.record`,
};

const REPORTS = {
  name: 'task_report_write',
  text: `INSERT INTO task_report (workspace_id, task_id, hash, stream_seq)
         SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::int8[])`,
};

type Records = Map<string, TaskRecord | null>;
type Remembered = Pick<KnownTasks, 'recordBefore' | 'note'>;

/** The records before the entries of a batch: remembered, or read, all in one statement. */
async function findRecords(
  db: Queryable,
  workspaceId: WorkspaceId,
  entries: readonly TaskEntry[],
  remembered: Remembered,
): Promise<Records> {
  const records: Records = new Map();
  const unknown = new Set<string>();
  for (const entry of entries) {
    const id = idOf(entry);
    if (records.has(id) || unknown.has(id)) continue;
    const record = remembered.recordBefore(id, entry.streamSeq);
    if (record) records.set(id, record);
    else unknown.add(id);
  }
  if (unknown.size === 0) return records;
  const { rows } = await db.query<{ id: string; record: string }>(RECORDS, [workspaceId, uuidArray([...unknown])]);
  for (const { id, record } of rows) records.set(id, JSON.parse(record));
  return records;
}

/** Folds the entries of a batch onto the records of their tasks, which one statement writes, whatever the number. */
async function writeRecords(
  db: Queryable,
  workspaceId: WorkspaceId,
  entries: readonly TaskEntry[],
  records: Records,
  remembered: Remembered,
): Promise<void> {
  for (const entry of entries) {
    const fact: PlacedFact = entry;
    const record = applyTask(records.get(idOf(entry)) ?? null, fact);
    records.set(idOf(entry), record);
    if (record) remembered.note(entry, record);
  }
  const written = [...records.values()].filter((record) => record !== null);
  await db.query({
    ...WRITE,
    values: [
      workspaceId,
      uuidArray(written.map((record) => record.id)),
      int8Array(written.map((record) => record.streamSeq)),
      textArray(written.map((record) => record.parentTaskId)),
      textArray(written.map((record) => record.state)),
      textArray(written.map((record) => record.principal.id)),
      textArray(written.map((record) => record.runner)),
      textArray(written.map((record) => record.agentId)),
      textArray(written.map((record) => toStoredText(record.command))),
      textArray(written.map((record) => JSON.stringify(record))),
      timestamptzArray(written.map((record) => new Date(record.createdAt))),
    ],
  });
}

/**
 * Fails by the primary key where a report was accepted before: whoever decided did not know. The batch fails with it, and
 * each of its commands decides again from the database.
 */
async function writeHashes(db: Queryable, workspaceId: WorkspaceId, entries: readonly TaskEntry[]): Promise<void> {
  const reports = ofType(entries, 'task.report_accepted');
  if (reports.length === 0) return;
  await db.query({
    ...REPORTS,
    values: [
      workspaceId,
      uuidArray(reports.map(idOf)),
      textArray(reports.map(({ payload }) => payload.hash)),
      int8Array(reports.map(({ streamSeq }) => streamSeq)),
    ],
  });
}

async function queueMessages(db: Queryable, workspaceId: WorkspaceId, entries: readonly TaskEntry[]): Promise<void> {
  const queued = ofType(entries, 'task.instruction_queued');
  if (queued.length === 0) return;
  await db.query(
    `INSERT INTO task_message (workspace_id, id, task_id, position, words, message, status, redelivered, created_at, expires_at)
     SELECT $1, id, task_id, position, words, message, 'queued', false, created_at, expires_at
     FROM unnest($2::uuid[], $3::uuid[], $4::int8[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[])
       AS m (id, task_id, position, words, message, created_at, expires_at)`,
    [
      workspaceId,
      queued.map(({ payload }) => payload.messageId),
      queued.map(idOf),
      queued.map(({ streamSeq }) => streamSeq),
      queued.map(({ payload: { from, kind, content, metadata } }) => JSON.stringify({ from, kind, content, metadata })),
      queued.map(({ payload }) => JSON.stringify(payload.message)),
      queued.map(({ receivedAt }) => receivedAt),
      queued.map(({ payload }) => payload.expiresAt),
    ],
  );
}

/** Of what was handed over and returned in one batch, the last holds. */
function writeDeliveries(db: Queryable, workspaceId: WorkspaceId, entries: readonly TaskEntry[], leave: Leave): void {
  const delivered = new Map<string, { via: string; again: boolean; at: string }>();
  const returned = new Set<string>();
  for (const entry of entries) {
    if (entry.type === 'task.instruction_delivered') {
      const { messageIds, via, again } = entry.payload;
      for (const id of messageIds) {
        delivered.set(id, { via, again: again || delivered.has(id), at: entry.receivedAt });
        returned.delete(id);
      }
    }
    if (entry.type === 'task.instruction_returned') {
      for (const id of entry.payload.messageIds) {
        delivered.delete(id);
        returned.add(id);
      }
    }
  }
  if (returned.size > 0) {
    leave(
      db.query(
        `UPDATE task_message SET status = 'queued', delivery = NULL, delivered_at = NULL
         WHERE workspace_id = $1 AND id = ANY ($2::uuid[]) AND status = 'delivered'`,
        [workspaceId, [...returned]],
      ),
    );
  }
  if (delivered.size > 0) {
    const receipts = [...delivered.values()];
    leave(
      db.query(
        `UPDATE task_message m SET status = 'delivered', delivery = coalesce(m.delivery, d.via),
         redelivered = m.redelivered OR d.again, delivered_at = coalesce(m.delivered_at, d.at),
         pushed_at = CASE WHEN d.via = 'socket' THEN d.at END
       FROM unnest($2::uuid[], $3::text[], $4::bool[], $5::timestamptz[]) AS d (id, via, again, at)
       WHERE m.workspace_id = $1 AND m.id = d.id AND m.status IN ('queued', 'delivered')`,
        [
          workspaceId,
          [...delivered.keys()],
          receipts.map(({ via }) => via),
          receipts.map(({ again }) => again),
          receipts.map(({ at }) => at),
        ],
      ),
    );
  }
}

/** Receipts, in the order in which a message gets them: one statement for each kind, whatever the number. */
function writeReceipts(db: Queryable, workspaceId: WorkspaceId, entries: readonly TaskEntry[], leave: Leave): void {
  writeDeliveries(db, workspaceId, entries, leave);
  const acknowledged = new Map(
    ofType(entries, 'task.instruction_acknowledged').flatMap(({ payload, receivedAt }) =>
      payload.messageIds.map((id): [string, string] => [id, receivedAt]),
    ),
  );
  if (acknowledged.size > 0) {
    leave(
      db.query(
        `UPDATE task_message m SET status = 'acknowledged', acknowledged_at = a.at
       FROM unnest($2::uuid[], $3::timestamptz[]) AS a (id, at)
       WHERE m.workspace_id = $1 AND m.id = a.id AND m.status = 'delivered'`,
        [workspaceId, [...acknowledged.keys()], [...acknowledged.values()]],
      ),
    );
  }
  for (const { payload } of ofType(entries, 'task.instruction_expired')) {
    leave(
      db.query(
        `UPDATE task_message SET status = 'expired' WHERE workspace_id = $1 AND id = ANY ($2::uuid[]) AND status = 'queued'`,
        [workspaceId, payload.messageIds],
      ),
    );
  }
  const ended = ofType(entries, 'task.ended').map(idOf);
  if (ended.length === 0) return;
  // What was decided about the task still reaches its agent; words for its work come too late.
  leave(
    db.query(
      `UPDATE task_message SET status = 'expired' WHERE workspace_id = $1 AND task_id = ANY ($2::uuid[]) AND status = 'queued'
         AND (${jsonOfText('message')}->>'type') IN ('x-INSTRUCTION', 'x-STATUS_REQUEST')`,
      [workspaceId, ended],
    ),
  );
}

/** Tasks, the hashes of their reports and the queues to their agents, as the entries of their streams tell them. */
export const taskProjection = (remembered: Remembered): Projection => ({
  types: new Set<EntryType>(Object.keys(taskEntries) as TaskEntryType[]),
  project: async (db, workspaceId, entries, leave) => {
    const own = entries.filter(isTaskEntry);
    const records = await findRecords(db, workspaceId, own, remembered);
    leave(writeRecords(db, workspaceId, own, records, remembered));
    leave(writeHashes(db, workspaceId, own));
    leave(queueMessages(db, workspaceId, own));
    writeReceipts(db, workspaceId, own, leave);
  },
});
