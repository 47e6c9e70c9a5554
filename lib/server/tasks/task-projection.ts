import { applyTask } from '@/lib/domain/task/apply-task';
import type { PlacedFact, TaskEntryType, TaskRecord } from '@/lib/domain/task/task-record';
import { taskEntries } from '@/lib/protocol/entries/task-entries';
import type { Entry, EntryOf, EntryType } from '@/lib/protocol/entry';
import type { WorkspaceId } from '@/lib/protocol/ids';
import { toStoredText } from '../database/stored-text';
import type { Queryable } from '../ledger/command';
import type { Projection } from '../ledger/projection';

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
    SELECT $1, * FROM unnest($2::uuid[], $3::int8[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[],
                             $9::text[], $10::text[], $11::timestamptz[])
    ON CONFLICT (workspace_id, id) DO UPDATE SET stream_seq = excluded.stream_seq, state = excluded.state,
      agent_id = excluded.agent_id, record = excluded.record`,
};

/** Folds the entries of a batch onto the records of their tasks: two statements, whatever the number. */
async function writeRecords(db: Queryable, workspaceId: WorkspaceId, entries: readonly TaskEntry[]): Promise<void> {
  const ids = [...new Set(entries.map(idOf))];
  const { rows } = await db.query<{ id: string; record: string }>(RECORDS, [workspaceId, ids]);
  const records = new Map(rows.map(({ id, record }): [string, TaskRecord | null] => [id, JSON.parse(record)]));
  for (const entry of entries) {
    const fact: PlacedFact = entry;
    records.set(idOf(entry), applyTask(records.get(idOf(entry)) ?? null, fact));
  }
  const written = [...records.values()].filter((record) => record !== null);
  await db.query({
    ...WRITE,
    values: [
      workspaceId,
      written.map((record) => record.id),
      written.map((record) => record.streamSeq),
      written.map((record) => record.parentTaskId),
      written.map((record) => record.state),
      written.map((record) => record.principal.id),
      written.map((record) => record.runner),
      written.map((record) => record.agentId),
      written.map((record) => toStoredText(record.command)),
      written.map((record) => JSON.stringify(record)),
      written.map((record) => record.createdAt),
    ],
  });
}

async function writeHashes(db: Queryable, workspaceId: WorkspaceId, entries: readonly TaskEntry[]): Promise<void> {
  const reports = ofType(entries, 'task.report_accepted');
  if (reports.length === 0) return;
  await db.query({
    name: 'task_report_write',
    text: `INSERT INTO task_report (workspace_id, task_id, hash, stream_seq)
           SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::int8[]) ON CONFLICT DO NOTHING`,
    values: [
      workspaceId,
      reports.map(idOf),
      reports.map(({ payload }) => payload.hash),
      reports.map(({ streamSeq }) => streamSeq),
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

/** Receipts, in the order in which a message gets them: one statement for each kind, whatever the number. */
async function writeReceipts(db: Queryable, workspaceId: WorkspaceId, entries: readonly TaskEntry[]): Promise<void> {
  const delivered = new Map<string, { via: string; again: boolean; at: string }>();
  for (const { payload, receivedAt: at } of ofType(entries, 'task.instruction_delivered')) {
    const { messageIds, via, again } = payload;
    for (const id of messageIds) delivered.set(id, { via, again: again || delivered.has(id), at });
  }
  if (delivered.size > 0) {
    const receipts = [...delivered.values()];
    await db.query(
      `UPDATE task_message m SET status = 'delivered', delivery = coalesce(m.delivery, d.via),
         redelivered = m.redelivered OR d.again, delivered_at = coalesce(m.delivered_at, d.at)
       FROM unnest($2::uuid[], $3::text[], $4::bool[], $5::timestamptz[]) AS d (id, via, again, at)
       WHERE m.workspace_id = $1 AND m.id = d.id AND m.status IN ('queued', 'delivered')`,
      [
        workspaceId,
        [...delivered.keys()],
        receipts.map(({ via }) => via),
        receipts.map(({ again }) => again),
        receipts.map(({ at }) => at),
      ],
    );
  }
  const acknowledged = new Map(
    ofType(entries, 'task.instruction_acknowledged').flatMap(({ payload, receivedAt }) =>
      payload.messageIds.map((id): [string, string] => [id, receivedAt]),
    ),
  );
  if (acknowledged.size > 0) {
    await db.query(
      `UPDATE task_message m SET status = 'acknowledged', acknowledged_at = a.at
       FROM unnest($2::uuid[], $3::timestamptz[]) AS a (id, at)
       WHERE m.workspace_id = $1 AND m.id = a.id AND m.status = 'delivered'`,
      [workspaceId, [...acknowledged.keys()], [...acknowledged.values()]],
    );
  }
  for (const { payload } of ofType(entries, 'task.instruction_expired')) {
    await db.query(
      `UPDATE task_message SET status = 'expired' WHERE workspace_id = $1 AND id = ANY ($2::uuid[]) AND status = 'queued'`,
      [workspaceId, payload.messageIds],
    );
  }
  const ended = ofType(entries, 'task.ended').map(idOf);
  if (ended.length === 0) return;
  // What was decided about the task still reaches its agent; words for its work come too late.
  await db.query(
    `UPDATE task_message SET status = 'expired' WHERE workspace_id = $1 AND task_id = ANY ($2::uuid[]) AND status = 'queued'
       AND (message::json->>'type') IN ('x-INSTRUCTION', 'x-STATUS_REQUEST')`,
    [workspaceId, ended],
  );
}

/** Tasks, the hashes of their reports and the queues to their agents, as the entries of their streams tell them. */
export const taskProjection: Projection = {
  types: new Set<EntryType>(Object.keys(taskEntries) as TaskEntryType[]),
  project: async (db, workspaceId, entries) => {
    const own = entries.filter(isTaskEntry);
    await writeRecords(db, workspaceId, own);
    await writeHashes(db, workspaceId, own);
    await queueMessages(db, workspaceId, own);
    await writeReceipts(db, workspaceId, own);
  },
};
