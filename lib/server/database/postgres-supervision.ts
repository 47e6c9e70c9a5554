import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '@/lib/server/log';
import type { Launch, PostgresProcess } from './launch-postgres';
import { rotatePostgresLog, tailOfLog } from './postgres-log';
import { startPostgresServer, stopPostgresServer } from './postgres-server';
import { awaitPredecessor } from './predecessor';

const SHORTEST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
const STEADY_MS = 60_000;
const ROTATE_EVERY_MS = 10 * 60_000;

export type SupervisedPostgres = { pid(): number; stop(): Promise<void> };

/**
 * Keeps a started PostgreSQL running: one that ends without being asked is started again on the same address, after a
 * pause that grows to 10 s while it does not hold. `stop` resolves when nothing runs any more.
 */
export function supervisePostgres(first: PostgresProcess, launch: Launch, log: Log): SupervisedPostgres {
  const stopping = new AbortController();
  let server = first;
  const rotation = setInterval(() => rotatePostgresLog(launch.logPath), ROTATE_EVERY_MS);
  rotation.unref();

  const supervision = (async () => {
    let pauseMs = SHORTEST_PAUSE_MS;
    for (;;) {
      const startedAt = Date.now();
      const how = await server.exited;
      if (stopping.signal.aborted) return;
      if (Date.now() - startedAt > STEADY_MS) pauseMs = SHORTEST_PAUSE_MS;
      const tail = tailOfLog(launch.logPath);
      log.error({ tail }, `PostgreSQL ${how}; starting it again`);
      const next = await startAgain(launch, log, pauseMs, stopping.signal);
      if (!next) return;
      server = next;
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      log.info({ pid: server.pid }, 'PostgreSQL is running again');
    }
  })();

  return {
    pid: () => server.pid,
    async stop() {
      stopping.abort();
      clearInterval(rotation);
      await stopPostgresServer(server, log);
      await supervision;
    },
  };
}

/** Null when it was stopped meanwhile; what had started is stopped then. */
async function startAgain(
  launch: Launch,
  log: Log,
  firstPauseMs: number,
  stopping: AbortSignal,
): Promise<PostgresProcess | null> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    await pause(pauseMs, stopping);
    if (stopping.aborted) return null;
    try {
      await awaitPredecessor(launch.clusterDir, log);
      const server = await startPostgresServer(launch, log);
      if (!stopping.aborted) return server;
      await stopPostgresServer(server, log);
      return null;
    } catch (err) {
      log.error({ err }, 'PostgreSQL could not be started again; trying further');
    }
  }
}

async function pause(ms: number, stopping: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal: stopping });
  } catch (error) {
    if (!stopping.aborted) throw error;
  }
}
