import type pg from 'pg';
import type { WorkspaceId } from '@/lib/protocol/ids';
import type { Clock } from './clock';
import type { Log } from './log';

const BEAT_MS = 2_000;
/** A row that has not moved for so long belongs to an instance that died. */
const DEAD_AFTER_MS = 8_000;
/** Away for longer than this, deadlines get a fresh grace before any of them is acted upon. */
export const DOWNTIME_MS = 5_000;
/** At its start an instance that hears nothing of others for longer than their beat takes them for away. */
const START_DOWNTIME_MS = BEAT_MS + 500;

export type Instances = {
  /** Whether another instance lives on this database. */
  hasPeers(): boolean;
  /** Names the worker pool, so that another instance can free its jobs when this one dies. */
  nameWorker(workerId: string): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Tells the other instances that this one lives, frees the jobs of those that died, and after a time in which nobody
 * gave a sign (no instance ran, or the database was away) gives every deadline a fresh grace: our own downtime never
 * fails an agent. `isAlone`: nobody else can be on this database (it is our own child), so whoever has a row is dead.
 */
export async function startInstance(options: {
  pool: pg.Pool;
  workspaceId: WorkspaceId;
  instanceId: string;
  isAlone: boolean;
  clock: Clock;
  /** Told when no sign of life could be given: the database may be away. */
  onSilence?: () => void;
  log: Log;
}): Promise<Instances> {
  const { pool, workspaceId, instanceId, clock, log } = options;
  const key = [workspaceId, instanceId];
  let peers = 0;
  let worker: string | null = null;
  let signAt = Number.NEGATIVE_INFINITY;
  let steadySince = 0;
  let beating = false;

  /** Says that it lives. Says its worker's name too: while it was away, others may have taken it for dead. */
  const giveSign = async () => {
    await pool.query(
      `INSERT INTO instance (workspace_id, id, worker_id, started_at, seen_at)
       VALUES ($1, $2, $3, clock_timestamp(), clock_timestamp())
       ON CONFLICT (workspace_id, id) DO UPDATE SET seen_at = clock_timestamp(), worker_id = excluded.worker_id`,
      [...key, worker],
    );
    signAt = clock.monotonicMs();
  };

  const beat = async () => {
    const isStart = signAt === Number.NEGATIVE_INFINITY;
    if (clock.monotonicMs() - signAt > DOWNTIME_MS) {
      const awayMs = !isStart ? DOWNTIME_MS : options.isAlone ? 0 : START_DOWNTIME_MS;
      await graceAfterDowntime(pool, { workspaceId, awayMs, log });
      steadySince = clock.monotonicMs();
    }
    await giveSign();
    peers = await countPeers(pool, key);
    // Whoever was away itself (stopped, or without the database) cannot tell yet whether the others were, too.
    if (clock.monotonicMs() - steadySince > DEAD_AFTER_MS) await buryTheDead(pool, key, DEAD_AFTER_MS);
  };

  await beat();
  if (options.isAlone) await buryTheDead(pool, key, 0);
  const timer = setInterval(() => {
    if (beating) return;
    beating = true;
    beat()
      .catch((error: unknown) => {
        log.warn({ error: String(error) }, 'no sign of life could be given');
        options.onSilence?.();
      })
      .finally(() => {
        beating = false;
      });
  }, BEAT_MS);

  return {
    hasPeers: () => peers > 0,
    nameWorker: async (workerId) => {
      worker = workerId;
      await giveSign();
    },
    stop: async () => {
      clearInterval(timer);
      worker = null;
      await giveSign();
    },
  };
}

async function countPeers(pool: pg.Pool, key: readonly string[]): Promise<number> {
  const { rows } = await pool.query<{ alive: number }>(
    `SELECT count(*)::int AS alive FROM instance
     WHERE workspace_id = $1 AND id <> $2 AND seen_at >= clock_timestamp() - $3 * interval '1 ms'`,
    [...key, DEAD_AFTER_MS],
  );
  return rows[0]?.alive ?? 0;
}

/** Forgets other instances that gave no sign for so long, and frees their jobs. */
async function buryTheDead(pool: pg.Pool, key: readonly string[], silentForMs: number): Promise<void> {
  await pool.query(
    `DELETE FROM instance WHERE workspace_id = $1 AND id <> $2 AND seen_at < clock_timestamp() - $3 * interval '1 ms'`,
    [...key, silentForMs],
  );
  await freeJobsOfTheDead(pool, key, silentForMs);
}

/**
 * Where nobody gave a sign for `awayMs`. A restart counts however short it was: alone, nobody else can have listened.
 * INVARIANT: whoever changes many deadlines holds the head of the ledger, as its writer does. Two who take them in another
 * order would wait for each other, and PostgreSQL ends one of them.
 */
async function graceAfterDowntime(
  pool: pg.Pool,
  { workspaceId, awayMs, log }: { workspaceId: WorkspaceId; awayMs: number; log: Log },
): Promise<void> {
  const { rows } = await pool.query<{ downtime_ms: number | null }>(
    `SELECT extract(epoch FROM clock_timestamp() - max(seen_at))::float8 * 1000 AS downtime_ms
     FROM instance WHERE workspace_id = $1`,
    [workspaceId],
  );
  const downtimeMs = rows[0]?.downtime_ms ?? null;
  if (downtimeMs === null || downtimeMs < awayMs) return;
  const { rowCount } = await pool.query(
    `UPDATE deadline SET due_at = clock_timestamp() + grace_ms * interval '1 ms', epoch = nextval('deadline_epoch')
     FROM (SELECT 1 FROM ledger_head WHERE workspace_id = $1 FOR UPDATE) AS head
     WHERE workspace_id = $1 AND due_at < clock_timestamp() + grace_ms * interval '1 ms'`,
    [workspaceId],
  );
  if (rowCount) log.info({ deadlines: rowCount, downtimeMs: Math.round(downtimeMs) }, 'deadlines got a fresh grace');
}

/**
 * Jobs that are locked by a worker of no living instance can be taken by others at once, not after hours. Locks younger
 * than `olderThanMs` stay: a worker that has just started is not named yet.
 */
async function freeJobsOfTheDead(pool: pg.Pool, [workspaceId]: readonly string[], olderThanMs: number): Promise<void> {
  await pool.query(
    `SELECT graphile_worker.force_unlock_workers(array_agg(DISTINCT locked_by)) FROM (
       SELECT locked_by, locked_at FROM graphile_worker._private_jobs WHERE locked_by IS NOT NULL
       UNION ALL
       SELECT locked_by, locked_at FROM graphile_worker._private_job_queues WHERE locked_by IS NOT NULL
     ) AS locked
     WHERE locked_at <= clock_timestamp() - $2 * interval '1 ms'
       AND locked_by NOT IN (SELECT worker_id FROM instance WHERE workspace_id = $1 AND worker_id IS NOT NULL)
     HAVING count(*) > 0`,
    [workspaceId, olderThanMs],
  );
}
