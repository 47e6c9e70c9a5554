import { randomUUID } from 'node:crypto';
import { AppError } from '@/lib/protocol/errors';
import type { WorkspaceId } from '@/lib/protocol/ids';
import type { JsonValue } from '@/lib/protocol/json';
import type { IdempotencyKey, Queryable } from './command';

/** A first that shows no sign of life for so long is taken over by its repeat. */
const TAKE_OVER_AFTER = '15 seconds';
const POLL_MS = 50;
const WAIT_MS = 60_000;
const FREE_AGAIN_MS = 1_000;
/** The instance of a key that nobody works on. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

export type IdempotentRequest = {
  workspaceId: WorkspaceId;
  actorId: string;
  key: string;
  /** SHA-256 of method, path and body. */
  requestHash: Uint8Array;
  status: number;
};

export type IdempotentBegin =
  | { kind: 'first'; idempotency: IdempotencyKey }
  | { kind: 'repeat'; status: number; body: JsonValue };

type Row = { request_hash: Buffer; intent_id: string; status: number | null; answer: string | null; is_alive: boolean };

/**
 * Claims a key for a request, or finds what its first got. A repeat while the first still runs waits for it; one whose
 * first died with its instance goes on in its place, with the same intent. Another request under the key is refused.
 */
export async function beginIdempotent(
  db: Queryable,
  instanceId: string,
  request: IdempotentRequest,
): Promise<IdempotentBegin> {
  const { workspaceId, actorId, key, status } = request;
  const intentId = randomUUID();
  for (let waited = 0; ; waited += POLL_MS) {
    const { rowCount } = await db.query(
      `INSERT INTO idempotency (workspace_id, actor_id, key, request_hash, intent_id, instance_id, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, now()) ON CONFLICT DO NOTHING`,
      [workspaceId, actorId, key, request.requestHash, intentId, instanceId],
    );
    if (rowCount === 1) return { kind: 'first', idempotency: { actorId, key, intentId, status, instanceId } };
    const row = await findRow(db, request);
    if (!row) continue;
    if (!row.request_hash.equals(request.requestHash)) {
      throw new AppError('idempotency.mismatch', `The Idempotency-Key “${key}” was used for another request.`);
    }
    if (row.status !== null) {
      const body: JsonValue = row.answer === null ? null : JSON.parse(row.answer);
      return { kind: 'repeat', status: row.status, body };
    }
    if (!row.is_alive && (await takeOver(db, instanceId, request))) {
      return { kind: 'first', idempotency: { actorId, key, intentId: row.intent_id, status, instanceId } };
    }
    if (waited >= WAIT_MS) {
      throw new AppError('request.too_many', 'The first request with this Idempotency-Key still runs.', {
        retryAfterSeconds: 5,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function findRow(db: Queryable, { workspaceId, actorId, key }: IdempotentRequest): Promise<Row | undefined> {
  const { rows } = await db.query<Row>(
    `SELECT r.request_hash, r.intent_id, r.status, r.answer,
       EXISTS (SELECT 1 FROM instance i WHERE i.workspace_id = $1 AND i.id = r.instance_id
               AND i.seen_at > now() - interval '${TAKE_OVER_AFTER}') AS is_alive
     FROM idempotency r WHERE r.workspace_id = $1 AND r.actor_id = $2 AND r.key = $3`,
    [workspaceId, actorId, key],
  );
  return rows[0];
}

async function takeOver(
  db: Queryable,
  instanceId: string,
  { workspaceId, actorId, key }: IdempotentRequest,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE idempotency r SET instance_id = $4 WHERE workspace_id = $1 AND actor_id = $2 AND key = $3 AND status IS NULL
       AND NOT EXISTS (SELECT 1 FROM instance i WHERE i.workspace_id = $1 AND i.id = r.instance_id
                       AND i.seen_at > now() - interval '${TAKE_OVER_AFTER}')`,
    [workspaceId, actorId, key, instanceId],
  );
  return rowCount === 1;
}

/** Keeps the answer of a first, where its command has not done so in its own transaction. */
export async function finishIdempotent(
  db: Queryable,
  workspaceId: WorkspaceId,
  { actorId, key, instanceId }: IdempotencyKey,
  status: number,
  body: JsonValue,
): Promise<void> {
  await db.query(
    `UPDATE idempotency SET status = $4, answer = $5
     WHERE workspace_id = $1 AND actor_id = $2 AND key = $3 AND status IS NULL AND ($6::uuid IS NULL OR instance_id = $6)`,
    [workspaceId, actorId, key, status, JSON.stringify(body), instanceId ?? null],
  );
}

/**
 * Frees the key of a first that came to nothing, so that a repeat tries again, with the same intent: the engine may have
 * done what the first asked for. What it committed keeps its answer.
 * While the database is away it goes on trying behind the caller's back: a key that stayed claimed by a living instance
 * would have every repeat wait for an answer that nobody works on.
 */
export async function abandonIdempotent(
  db: Queryable,
  workspaceId: WorkspaceId,
  idempotency: IdempotencyKey,
): Promise<void> {
  try {
    await freeKey(db, workspaceId, idempotency);
  } catch {
    setTimeout(() => void abandonIdempotent(db, workspaceId, idempotency), FREE_AGAIN_MS).unref();
  }
}

async function freeKey(
  db: Queryable,
  workspaceId: WorkspaceId,
  { actorId, key, intentId, instanceId }: IdempotencyKey,
): Promise<void> {
  await db.query(
    `UPDATE idempotency SET instance_id = $6 WHERE workspace_id = $1 AND actor_id = $2 AND key = $3 AND status IS NULL
       AND intent_id = $4 AND ($5::uuid IS NULL OR instance_id = $5)`,
    [workspaceId, actorId, key, intentId, instanceId ?? null, NOBODY],
  );
}

/** Forgets keys after 24 h. */
export async function forgetIdempotent(db: Queryable, workspaceId: WorkspaceId): Promise<void> {
  await db.query("DELETE FROM idempotency WHERE workspace_id = $1 AND created_at < now() - interval '24 hours'", [
    workspaceId,
  ]);
}
