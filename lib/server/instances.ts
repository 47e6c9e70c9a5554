import type pg from 'pg';
import type { WorkspaceId } from '@/lib/protocol/ids';
import type { Log } from './log';

const BEAT_MS = 2_000;
/** A row that has not moved for so long belongs to an instance that died. */
const DEAD_AFTER_MS = 8_000;
/** Away for longer than this, deadlines get a fresh grace. */
const DOWNTIME_MS = 5_000;

export type Instances = {
  /** Whether another instance lives on this database. */
  hasPeers(): boolean;
  /** Names the worker pool, so that another instance can free its jobs when this one dies. */
  nameWorker(workerId: string): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Tells the other instances that this one lives, frees the jobs of those that died, and after a time in which nobody
 * lived gives every deadline a fresh grace: our own downtime never fails an agent. `isAlone`: nobody else can be on this
 * database (it is our own child), so whoever has a row is dead.
 */
export async function startInstance(options: {
  pool: pg.Pool;
  workspaceId: WorkspaceId;
  instanceId: string;
  isAlone: boolean;
  log: Log;
}): Promise<Instances> {
  const { pool, workspaceId, instanceId, log } = options;
  let peers = 0;

  const beat = async (deadAfterMs: number) => {
    await pool.query(
      `INSERT INTO instance (workspace_id, id, started_at, seen_at) VALUES ($1, $2, clock_timestamp(), clock_timestamp())
       ON CONFLICT (workspace_id, id) DO UPDATE SET seen_at = clock_timestamp()`,
      [workspaceId, instanceId],
    );
    const { rows } = await pool.query<{ alive: number }>(
      `WITH dead AS (
         DELETE FROM instance WHERE workspace_id = $1 AND id <> $2 AND seen_at < clock_timestamp() - $3 * interval '1 ms'
       )
       SELECT count(*)::int AS alive FROM instance
       WHERE workspace_id = $1 AND id <> $2 AND seen_at >= clock_timestamp() - $3 * interval '1 ms'`,
      [workspaceId, instanceId, deadAfterMs],
    );
    peers = rows[0]?.alive ?? 0;
    await freeJobsOfTheDead(pool, workspaceId, deadAfterMs);
  };

  await graceAfterDowntime(pool, workspaceId, log);
  await beat(options.isAlone ? 0 : DEAD_AFTER_MS);
  const timer = setInterval(() => {
    beat(DEAD_AFTER_MS).catch((error: unknown) => log.warn({ error: String(error) }, 'no sign of life could be given'));
  }, BEAT_MS);

  return {
    hasPeers: () => peers > 0,
    nameWorker: async (workerId) => {
      await pool.query('UPDATE instance SET worker_id = $3 WHERE workspace_id = $1 AND id = $2', [
        workspaceId,
        instanceId,
        workerId,
      ]);
    },
    stop: async () => {
      clearInterval(timer);
      await pool.query('UPDATE instance SET worker_id = NULL WHERE workspace_id = $1 AND id = $2', [
        workspaceId,
        instanceId,
      ]);
    },
  };
}

async function graceAfterDowntime(pool: pg.Pool, workspaceId: WorkspaceId, log: Log): Promise<void> {
  const { rows } = await pool.query<{ downtime_ms: number | null }>(
    `SELECT extract(epoch FROM clock_timestamp() - max(seen_at))::float8 * 1000 AS downtime_ms
     FROM instance WHERE workspace_id = $1`,
    [workspaceId],
  );
  const downtimeMs = rows[0]?.downtime_ms ?? null;
  if (downtimeMs === null || downtimeMs < DOWNTIME_MS) return;
  const { rowCount } = await pool.query(
    `UPDATE deadline SET due_at = clock_timestamp() + grace_ms * interval '1 ms', epoch = nextval('deadline_epoch')
     WHERE workspace_id = $1 AND due_at < clock_timestamp() + grace_ms * interval '1 ms'`,
    [workspaceId],
  );
  if (rowCount) log.info({ deadlines: rowCount, downtimeMs: Math.round(downtimeMs) }, 'deadlines got a fresh grace');
}

/**
 * Jobs that are locked by a worker of no living instance can be taken by others at once, not after hours. Locks younger
 * than `olderThanMs` stay: a worker that has just started is not named yet.
 */
async function freeJobsOfTheDead(pool: pg.Pool, workspaceId: WorkspaceId, olderThanMs: number): Promise<void> {
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
