import { EventEmitter } from 'node:events';
import { Logger, type Runner, run, runMigrations, type WorkerEvents } from 'graphile-worker';
import pg from 'pg';
import { createPool } from './database/pool';
import type { Instances } from './instances';
import type { Jobs, Task } from './jobs';
import type { Log } from './log';

/** Jobs mostly wait for an engine, so many may run at once. */
const CONCURRENCY = 48;
const POOL_SIZE = 10;
const RECLAIM_MS = 5_000;
/** Between the lock of a job and its begin, and between its end and the writing of that, lies less. */
const HANDOVER_MS = 5_000;
const DRAIN_MS = 5_000;
const DRAIN_PAUSE_MS = 10;
/** Only a fallback: new jobs are announced by NOTIFY. */
const POLL_MS = 5_000;

/** Makes the tables of the job queue, where several instances may begin at once. Before the first command with an effect. */
export const migrateJobs = (pool: pg.Pool, log: Log): Promise<void> =>
  runMigrations({ pgPool: pool, logger: toLogger(log) });

/**
 * Effects as jobs of graphile-worker: at least once, retried with growing pauses, picked up by another instance when
 * this one dies. They have connections of their own, so that long jobs never starve requests.
 */
export function createJobs(options: { connectionString: string; pool: pg.Pool; instances: Instances; log: Log }): Jobs {
  const { connectionString, pool, instances, log } = options;
  const aborter = new AbortController();
  const underWay = createUnderWay();
  let runner: Runner | null = null;
  let workers: pg.Pool | null = null;
  let reclaiming: NodeJS.Timeout | null = null;

  const onPool = (workerId: string) => {
    instances
      .nameWorker(workerId)
      .catch((error: unknown) => log.error({ error: String(error) }, 'the worker could not be named'));
    reclaiming = setInterval(() => {
      reclaimJobs(pool, workerId, underWay.ids()).catch((error: unknown) =>
        log.debug({ error: String(error) }, 'jobs could not be reclaimed'),
      );
    }, RECLAIM_MS);
  };

  return {
    start: async (tasks: Task[]) => {
      const events: WorkerEvents = new EventEmitter();
      events.once('pool:create', ({ workerPool }) => onPool(workerPool.id));
      await resumeJobs(pool);
      // Not one that graphile-worker makes: it would leave that to end by itself, while the database stops.
      workers = createPool(connectionString, log, POOL_SIZE, 'parley-jobs', pg.types);
      runner = await run({
        pgPool: workers,
        concurrency: CONCURRENCY,
        pollInterval: POLL_MS,
        noHandleSignals: true,
        logger: toLogger(log, aborter.signal),
        taskList: Object.fromEntries(
          tasks.map((task) => [
            task.name,
            (payload: unknown, { job }: { job: { id: string } }) =>
              underWay.during(job.id, () => task.run(task.payload.parse(payload), { signal: aborter.signal })),
          ]),
        ),
        events,
      });
    },
    stop: async (graceMs) => {
      const aborting = setTimeout(() => aborter.abort(), graceMs);
      await runner?.stop();
      clearTimeout(aborting);
      if (reclaiming) clearInterval(reclaiming);
      if (workers) await endDrained(workers);
    },
  };
}

/**
 * Ends a pool once nobody uses it or waits for it. HAZARD: graphile-worker writes the ends of jobs without anybody waiting
 * for that, also after it has stopped; whoever waits for a connection of a pool that ends is left to time out.
 */
async function endDrained(pool: pg.Pool): Promise<void> {
  const until = performance.now() + DRAIN_MS;
  while ((pool.waitingCount > 0 || pool.idleCount < pool.totalCount) && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, DRAIN_PAUSE_MS));
  }
  await pool.end();
}

/**
 * What a stop has cut short, or could not be done then, is tried again at once. HAZARD: graphile-worker takes a job that
 * ends with the program for one that failed, and pauses longer after each: some restarts would delay it by hours.
 */
async function resumeJobs(pool: pg.Pool): Promise<void> {
  await pool.query(
    `SELECT graphile_worker.reschedule_jobs(array_agg(id), run_at => clock_timestamp(), attempts => 0)
     FROM graphile_worker._private_jobs WHERE locked_at IS NULL AND attempts > 0 AND attempts < max_attempts
     HAVING count(*) > 0`,
  );
}

/** Remembers which jobs are carried out here, each until a while after its end: the end must be written first. */
function createUnderWay() {
  const times = new Map<string, number>();
  const count = (id: string, by: number) => {
    const now = (times.get(id) ?? 0) + by;
    if (now > 0) times.set(id, now);
    else times.delete(id);
  };
  return {
    ids: () => [...times.keys()],
    during: async (id: string, work: () => Promise<void>): Promise<void> => {
      count(id, 1);
      try {
        await work();
      } finally {
        setTimeout(() => count(id, -1), HANDOVER_MS).unref();
      }
    },
  };
}

/**
 * Frees jobs that this worker holds and does not carry out. HAZARD: graphile-worker (0.18) writes the end of a job once
 * and does not look whether that worked; where the database was away at that moment, the job would stay locked by a
 * living worker for hours, and its queue with it.
 */
async function reclaimJobs(pool: pg.Pool, workerId: string, underWay: readonly string[]): Promise<void> {
  await pool.query(
    `UPDATE graphile_worker._private_jobs SET locked_at = NULL, locked_by = NULL
     WHERE locked_by = $1 AND locked_at < clock_timestamp() - $2 * interval '1 ms' AND id <> ALL ($3::bigint[])`,
    [workerId, HANDOVER_MS, underWay],
  );
  await pool.query(
    `UPDATE graphile_worker._private_job_queues q SET locked_at = NULL, locked_by = NULL
     WHERE locked_by = $1 AND locked_at < clock_timestamp() - $2 * interval '1 ms' AND NOT EXISTS (
       SELECT 1 FROM graphile_worker._private_jobs j WHERE j.job_queue_id = q.id AND j.locked_by = $1)`,
    [workerId, HANDOVER_MS],
  );
}

const LEVELS: Record<string, 'error' | 'warn' | 'debug'> = { error: 'error', warning: 'warn' };

/** A job that is told to end because the program stops fails, and goes on at the next start. */
const isCutShort = (message: string, signal?: AbortSignal): boolean =>
  signal?.aborted === true && message.startsWith('Failed task');

/** Jobs wait for an engine and hold no connection meanwhile, so that there are fewer of these is meant. */
const isMeant = (message: string): boolean => message.startsWith('WARNING: having maxPoolSize');

/** What graphile-worker tells goes into our log; its news about single jobs only when debugging. */
const toLogger = (log: Log, signal?: AbortSignal): Logger =>
  new Logger((scope) => (level, message) => {
    const isQuiet = isMeant(message) || isCutShort(message, signal);
    log[isQuiet ? 'debug' : (LEVELS[level] ?? 'debug')]({ ...scope }, message);
  });
