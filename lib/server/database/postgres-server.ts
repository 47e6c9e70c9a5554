import { setTimeout as delay } from 'node:timers/promises';
import { BootError } from '@/lib/server/boot/boot-error';
import type { Log } from '@/lib/server/log';
import type { Launch, PostgresProcess } from './launch-postgres';
import { launchPostgres } from './launch-postgres';
import { sizeOfLog, tailOfLog } from './postgres-log';
import { readPostmasterFile } from './postmaster-file';

const PREDECESSOR_PATIENCE_MS = 30_000;
const RECOVERY_PATIENCE_MS = 10 * 60_000;
const FAST_SHUTDOWN_MS = 8_000;
const IMMEDIATE_SHUTDOWN_MS = 8_000;

/** What PostgreSQL says when processes of a killed predecessor still hold its shared memory or its lock. */
const STILL_HELD = /still in use|lock file ".*" already exists|is another postmaster|Address already in use/;

/**
 * Starts PostgreSQL and resolves when it takes connections. While a killed predecessor's processes still hold shared
 * memory it tries again, for up to 30 s. After a crash PostgreSQL first replays its log, which may take minutes.
 * @throws BootError with the last lines of PostgreSQL's log when it ends instead.
 */
export async function startPostgresServer(launch: Launch, log: Log): Promise<PostgresProcess> {
  const deadline = Date.now() + PREDECESSOR_PATIENCE_MS;
  for (;;) {
    const from = sizeOfLog(launch.logPath);
    const server = await launchPostgres(launch);
    const ended = await readyOrEnded(server, launch.clusterDir, log);
    if (ended === null) return server;
    const said = tailOfLog(launch.logPath, from);
    if (!STILL_HELD.test(said) || Date.now() > deadline)
      throw new BootError(describeFailure(ended, said, launch.logPath));
    log.warn('processes of an earlier PostgreSQL are still there; waiting for them to go');
    await delay(500);
  }
}

/** Null when ready, else how it ended. */
async function readyOrEnded(server: PostgresProcess, clusterDir: string, log: Log): Promise<string | null> {
  const startedAt = Date.now();
  let ended: string | null = null;
  void server.exited.then((how) => {
    ended = how;
  });
  let saidAt = startedAt;
  while (ended === null) {
    const file = readPostmasterFile(clusterDir);
    if (file?.pid === server.pid && file.ready) return null;
    if (Date.now() - startedAt > RECOVERY_PATIENCE_MS) {
      await stopPostgresServer(server, log);
      return 'was not ready after 10 minutes';
    }
    if (Date.now() - saidAt > 5_000) {
      log.info('PostgreSQL is still starting; after a crash it replays its log first');
      saidAt = Date.now();
    }
    await delay(10);
  }
  return ended;
}

const describeFailure = (ended: string, said: string, logPath: string) =>
  [`The built-in PostgreSQL ${ended} instead of starting. Its log, ${logPath}, ends with:`, indent(said)].join('\n');

const indent = (text: string) => `  ${text.replaceAll('\n', '\n  ')}`;

/** Fast shutdown; after 8 s an immediate one, which loses nothing that was committed; at last SIGKILL. */
export async function stopPostgresServer(server: PostgresProcess, log: Log): Promise<void> {
  server.signal('SIGINT');
  if (await within(server.exited, FAST_SHUTDOWN_MS)) return;
  log.warn('PostgreSQL is slow to stop; ending it at once, the next start replays its log');
  server.signal('SIGQUIT');
  if (await within(server.exited, IMMEDIATE_SHUTDOWN_MS)) return;
  server.signal('SIGKILL');
  await server.exited;
}

async function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new AbortController();
  const timeout = delay(ms, false, { signal: timer.signal }).catch(() => false);
  const done = await Promise.race([work.then(() => true), timeout]);
  timer.abort();
  return done;
}
