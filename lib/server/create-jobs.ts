import { EventEmitter } from 'node:events';
import { Logger, type Runner, run, runMigrations, type WorkerEvents } from 'graphile-worker';
import type { Instances } from './instances';
import type { Jobs, Task } from './jobs';
import type { Log } from './log';

/** Jobs mostly wait for an engine, so many may run at once. */
const CONCURRENCY = 48;
const POOL_SIZE = 10;
/** Only a fallback: new jobs are announced by NOTIFY. */
const POLL_MS = 5_000;

/** Makes the tables of the job queue. Before the first command with an effect. */
export const migrateJobs = (connectionString: string, log: Log): Promise<void> =>
  runMigrations({ connectionString, logger: toLogger(log) });

/**
 * Effects as jobs of graphile-worker: at least once, retried with growing pauses, picked up by another instance when
 * this one dies. They have connections of their own, so that long jobs never starve requests.
 */
export function createJobs(options: { connectionString: string; instances: Instances; log: Log }): Jobs {
  const { connectionString, instances, log } = options;
  const aborter = new AbortController();
  let runner: Runner | null = null;

  return {
    start: async (tasks: Task[]) => {
      runner = await run({
        connectionString,
        maxPoolSize: POOL_SIZE,
        concurrency: CONCURRENCY,
        pollInterval: POLL_MS,
        noHandleSignals: true,
        logger: toLogger(log),
        taskList: Object.fromEntries(
          tasks.map((task) => [
            task.name,
            async (payload: unknown) => task.run(task.payload.parse(payload), { signal: aborter.signal }),
          ]),
        ),
        events: namingEvents(instances, log),
      });
    },
    stop: async (graceMs) => {
      if (!runner) return;
      const aborting = setTimeout(() => aborter.abort(), graceMs);
      await runner.stop();
      clearTimeout(aborting);
    },
  };
}

/** Tells the instance's row which worker pool is ours as soon as there is one. */
function namingEvents(instances: Instances, log: Log): WorkerEvents {
  const events: WorkerEvents = new EventEmitter();
  events.once('pool:create', ({ workerPool }) => {
    instances
      .nameWorker(workerPool.id)
      .catch((error: unknown) => log.error({ error: String(error) }, 'the worker could not be named'));
  });
  return events;
}

const LEVELS: Record<string, 'error' | 'warn' | 'debug'> = { error: 'error', warning: 'warn' };

/** What graphile-worker tells goes into our log; its news about single jobs only when debugging. */
const toLogger = (log: Log): Logger =>
  new Logger((scope) => (level, message) => log[LEVELS[level] ?? 'debug']({ ...scope }, message));
