import { rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { BootError } from '@/lib/server/boot/boot-error';
import { errorCode } from '@/lib/server/boot/error-code';
import { commandLineOf, isAlive } from '@/lib/server/boot/process-identity';
import type { Log } from '@/lib/server/log';
import { socketPath } from './postgres-address';
import type { PostmasterFile } from './postmaster-file';
import { postmasterFilePath, readPostmasterFile } from './postmaster-file';

const PATIENCE_MS = 30_000;
const IMMEDIATE_AFTER_MS = 15_000;
/** Its own Parley gone, a PostgreSQL ends within 5 s. A lock file that has said nothing for longer has no writer. */
const UNREADABLE_FOR_MS = 6_000;

/**
 * Waits up to 30 s until no PostgreSQL runs on the cluster any more, and asks one that is left over to stop.
 * Call it holding the data directory's lock: the Parley that started a PostgreSQL found here is then gone for certain.
 * A process is only signalled when its command line names this cluster; a lock file whose process id belongs to
 * something else is removed, since PostgreSQL itself would take that process for a predecessor.
 * @throws BootError when it does not stop, or runs where we cannot see it (another container).
 */
export async function awaitPredecessor(clusterDir: string, log: Log): Promise<void> {
  const startedAt = Date.now();
  let asked: NodeJS.Signals | null = null;
  for (;;) {
    const found = readPostmasterFile(clusterDir);
    if (!found) return removeUnreadable(clusterDir, log);
    if (!isAlive(found.pid)) return refuseForeign(found, clusterDir);
    if (!commandLineOf(found.pid).includes(clusterDir)) {
      await refuseForeign(found, clusterDir);
      rmSync(postmasterFilePath(clusterDir), { force: true });
      return;
    }
    const waitedMs = Date.now() - startedAt;
    if (waitedMs > PATIENCE_MS) throw new BootError(describeStuck(found.pid, clusterDir));
    const due = waitedMs > IMMEDIATE_AFTER_MS ? 'SIGQUIT' : 'SIGINT';
    if (asked !== due) {
      log.warn({ pid: found.pid }, 'a PostgreSQL of an earlier start is still running; stopping it');
      ask(found.pid, due, clusterDir);
      asked = due;
    }
    await delay(50);
  }
}

/**
 * A machine that lost power may leave the lock file empty or torn. PostgreSQL then refuses to start until somebody removes
 * it by hand.
 */
async function removeUnreadable(clusterDir: string, log: Log): Promise<void> {
  const path = postmasterFilePath(clusterDir);
  const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  if (written === undefined) return;
  log.warn({ path }, 'the lock file of an earlier PostgreSQL cannot be read; it is removed when nobody writes it');
  await delay(Math.min(UNREADABLE_FOR_MS, Math.max(0, written + UNREADABLE_FOR_MS - Date.now())));
  if (statSync(path, { throwIfNoEntry: false })?.mtimeMs !== written) return awaitPredecessor(clusterDir, log);
  rmSync(path, { force: true });
}

function ask(pid: number, signal: NodeJS.Signals, clusterDir: string): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return;
    throw new BootError(describeStuck(pid, clusterDir), { cause: error });
  }
}

const describeStuck = (pid: number, clusterDir: string) =>
  [
    `A PostgreSQL of an earlier start (process ${pid}) still runs on ${clusterDir} and cannot be stopped from here.`,
    `Stop process ${pid}, then start Parley again.`,
  ].join('\n');

/** A socket that answers although its process is out of sight belongs to a PostgreSQL in another container. */
async function refuseForeign(found: PostmasterFile, clusterDir: string): Promise<void> {
  if (!found.socketDirectory || !(await answers(socketPath(found.socketDirectory, found.port)))) return;
  throw new BootError(
    [
      `A PostgreSQL that this process cannot see, perhaps in another container, runs on ${clusterDir}.`,
      'Stop the Parley that it belongs to, or give this one a directory of its own with PARLEY_DATA_DIR.',
    ].join('\n'),
  );
}

const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
