import { AppError } from '@/lib/protocol/errors';
import type { WorkspaceId } from '@/lib/protocol/ids';
import { byteaArray, int8Array, textArray, timestamptzArray, uuidArray } from '../database/binary-array';
import type { DeadlineChange, Effect, IdempotencyKey, Queryable } from './command';
import type { PlacedEntry, Position, TreeNodeRow } from './placement';
import { toFrontier } from './placement';

const LOCK_HEAD = {
  name: 'ledger_lock_head',
  text: 'SELECT origin, size::float8 AS size, frontier, received_at FROM ledger_head WHERE workspace_id = $1 FOR UPDATE',
};

const STREAM_HEADS = {
  name: 'ledger_stream_heads',
  text: `SELECT stream, stream_seq::float8 AS stream_seq FROM stream_head
         WHERE workspace_id = $1 AND stream = ANY($2::text[])`,
};

const WRITE = {
  name: 'ledger_write',
  text: `
    WITH entries AS (
      INSERT INTO entry (workspace_id, seq, stream, stream_seq, id, type, actor_kind, actor_id, received_at, leaf, leaf_hash)
      SELECT $1, * FROM unnest($2::int8[], $3::text[], $4::int8[], $5::uuid[], $6::text[], $7::text[], $8::text[],
                               $9::timestamptz[], $10::text[], $11::bytea[])
    ), payloads AS (
      INSERT INTO entry_payload (workspace_id, seq, payload, salt)
      SELECT $1, * FROM unnest($2::int8[], $12::text[], $13::bytea[])
    ), streams AS (
      INSERT INTO stream_head (workspace_id, stream, stream_seq) SELECT $1, * FROM unnest($14::text[], $15::int8[])
      ON CONFLICT (workspace_id, stream) DO UPDATE SET stream_seq = excluded.stream_seq
    ), nodes AS (
      INSERT INTO tree_node (workspace_id, level, index, hash) SELECT $1, * FROM unnest($16::int8[], $17::int8[], $18::bytea[])
    )
    UPDATE ledger_head SET size = $19, frontier = $20, received_at = $21 WHERE workspace_id = $1`,
};

const ARM = {
  name: 'ledger_arm',
  text: `
    INSERT INTO deadline (workspace_id, kind, subject, epoch, due_at, grace_ms, data)
    SELECT $1, kind, subject, nextval('deadline_epoch'), due_at, grace_ms, data::jsonb
    FROM unnest($2::text[], $3::text[], $4::timestamptz[], $5::int8[], $6::text[])
      AS armed (kind, subject, due_at, grace_ms, data)
    ON CONFLICT (workspace_id, kind, subject)
    DO UPDATE SET epoch = excluded.epoch, due_at = excluded.due_at, grace_ms = excluded.grace_ms, data = excluded.data`,
};

type HeadRow = { origin: string; size: number; frontier: Buffer; received_at: Date };

/** Locks the head until the transaction ends, and reads it. */
export async function lockHead(db: Queryable, workspaceId: WorkspaceId): Promise<HeadRow> {
  const { rows } = await db.query<HeadRow>({ ...LOCK_HEAD, values: [workspaceId] });
  const [head] = rows;
  if (!head) throw new Error(`workspace ${workspaceId} has no ledger`);
  return head;
}

/** Reads where these streams stand into `position`; a stream without entries stands at 0. Only under the head lock. */
export async function readStreams(
  db: Queryable,
  workspaceId: WorkspaceId,
  position: Position,
  streams: Iterable<string>,
): Promise<void> {
  const unknown = [...new Set(streams)].filter((stream) => !position.streams.has(stream));
  if (unknown.length === 0) return;
  const { rows } = await db.query<{ stream: string; stream_seq: number }>({
    ...STREAM_HEADS,
    values: [workspaceId, textArray(unknown)],
  });
  for (const stream of unknown) position.streams.set(stream, 0);
  for (const row of rows) position.streams.set(row.stream, row.stream_seq);
}

/** Writes placed entries, payloads, stream heads, tree nodes and the head: one statement, whatever the number. */
export async function writeEntries(
  db: Queryable,
  workspaceId: WorkspaceId,
  position: Position,
  placed: readonly PlacedEntry[],
  nodes: readonly TreeNodeRow[],
): Promise<void> {
  const entries = placed.map((each) => each.entry);
  const heads = new Map(entries.map((entry) => [entry.stream, entry.streamSeq]));
  await db.query({
    ...WRITE,
    values: [
      workspaceId,
      int8Array(entries.map((entry) => entry.seq)),
      textArray(entries.map((entry) => entry.stream)),
      int8Array(entries.map((entry) => entry.streamSeq)),
      uuidArray(entries.map((entry) => entry.id)),
      textArray(entries.map((entry) => entry.type)),
      textArray(entries.map((entry) => entry.actor.kind)),
      textArray(entries.map((entry) => entry.actor.id)),
      timestamptzArray(entries.map(() => position.receivedAt)),
      textArray(placed.map((each) => each.envelope)),
      byteaArray(placed.map((each) => each.leafHash)),
      textArray(placed.map((each) => each.payload.text)),
      byteaArray(placed.map((each) => each.payload.salt)),
      textArray([...heads.keys()]),
      int8Array([...heads.values()]),
      int8Array(nodes.map((node) => node.level)),
      int8Array(nodes.map((node) => node.index)),
      byteaArray(nodes.map((node) => node.hash)),
      position.size,
      Buffer.concat(position.frontier),
      position.receivedAt,
    ],
  });
}

/** Enqueues jobs in the caller's transaction; their workers are told when it commits. */
export async function writeEffects(db: Queryable, effects: readonly Effect[]): Promise<void> {
  if (effects.length === 0) return;
  await db.query(
    `SELECT graphile_worker.add_jobs(array_agg(json_populate_record(NULL::graphile_worker.job_spec, spec)))
     FROM json_array_elements($1::json) AS spec`,
    [
      JSON.stringify(
        effects.map((effect) => ({
          identifier: effect.task,
          payload: effect.payload,
          queue_name: effect.queue,
          job_key: effect.key,
          run_at: effect.runAt?.toISOString(),
        })),
      ),
    ],
  );
}

/** Arms, moves and disarms deadlines; the last change of a subject counts. Every arming has an epoch of its own. */
export async function writeDeadlines(
  db: Queryable,
  workspaceId: WorkspaceId,
  changes: readonly DeadlineChange[],
): Promise<void> {
  if (changes.length === 0) return;
  const last = [...new Map(changes.map((change) => [`${change.kind} ${change.subject}`, change])).values()];
  const armed = last.flatMap((change) => ('disarm' in change ? [] : [change]));
  const disarmed = last.filter((change) => 'disarm' in change);
  const arming =
    armed.length > 0 &&
    db.query({
      ...ARM,
      values: [
        workspaceId,
        textArray(armed.map(({ kind }) => kind)),
        textArray(armed.map(({ subject }) => subject)),
        timestamptzArray(armed.map(({ dueAt }) => dueAt)),
        int8Array(armed.map(({ graceMs }) => graceMs)),
        textArray(armed.map(({ data }) => JSON.stringify(data ?? {}))),
      ],
    });
  const disarming =
    disarmed.length > 0 &&
    db.query(
      `DELETE FROM deadline USING unnest($2::text[], $3::text[]) AS gone (kind, subject)
       WHERE deadline.workspace_id = $1 AND deadline.kind = gone.kind AND deadline.subject = gone.subject`,
      [workspaceId, disarmed.map(({ kind }) => kind), disarmed.map(({ subject }) => subject)],
    );
  await Promise.all([arming, disarming]);
}

/**
 * Keeps the answers of requests under their keys. Throws where another instance, which took this one for dead, has taken
 * a claim over: then that one does what was asked, and this one must not.
 */
export async function writeAnswers(
  db: Queryable,
  workspaceId: WorkspaceId,
  answers: readonly (IdempotencyKey & { answer: unknown })[],
): Promise<void> {
  if (answers.length === 0) return;
  const { rows } = await db.query<{ actor_id: string; key: string }>(
    `UPDATE idempotency i SET status = a.status, answer = a.answer
     FROM unnest($2::text[], $3::text[], $4::int8[], $5::text[], $6::text[]) AS a (actor_id, key, status, answer, instance_id)
     WHERE i.workspace_id = $1 AND i.actor_id = a.actor_id AND i.key = a.key
       AND (a.instance_id IS NULL OR i.instance_id = a.instance_id::uuid)
     RETURNING i.actor_id, i.key`,
    [
      workspaceId,
      textArray(answers.map(({ actorId }) => actorId)),
      textArray(answers.map(({ key }) => key)),
      int8Array(answers.map(({ status }) => status)),
      textArray(answers.map(({ answer }) => JSON.stringify(answer) ?? null)),
      textArray(answers.map(({ instanceId }) => instanceId ?? null)),
    ],
  );
  const kept = new Set(rows.map((row) => `${row.actor_id} ${row.key}`));
  const lost = answers.find((each) => each.instanceId !== undefined && !kept.has(`${each.actorId} ${each.key}`));
  if (!lost) return;
  throw new AppError('idempotency.taken_over', `Another instance answers the request “${lost.key}”.`);
}

/** Keeps the names of actors that were not known, for reading. */
export async function writeActorNames(
  db: Queryable,
  workspaceId: WorkspaceId,
  actors: readonly { kind: string; id: string; name: string }[],
): Promise<void> {
  if (actors.length === 0) return;
  await db.query(
    `INSERT INTO actor_name (workspace_id, kind, id, name) SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[])
     ON CONFLICT (workspace_id, kind, id) DO UPDATE SET name = excluded.name`,
    [
      workspaceId,
      textArray(actors.map((actor) => actor.kind)),
      textArray(actors.map((actor) => actor.id)),
      textArray(actors.map((actor) => actor.name)),
    ],
  );
}

export const positionOf = (head: HeadRow, now: Date, streams: Map<string, number>): Position => ({
  origin: head.origin,
  size: head.size,
  frontier: toFrontier(head.frontier),
  receivedAt: now > head.received_at ? now : head.received_at,
  streams,
});
