import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isAlive } from '@/lib/server/boot/process-identity';
import { childEnvironment } from '@/lib/server/env';
import type { PostgresBinaries } from './postgres-binaries';
import type { PostgresIdentity } from './postgres-identity';
import { underIdentity } from './postgres-identity';
import { openPostgresLog } from './postgres-log';
import { readPostmasterFile } from './postmaster-file';

const run = promisify(execFile);

/**
 * A PostgreSQL that was started and has not necessarily opened its socket yet.
 * `exited` resolves when it is gone, with words for how. `signal` does nothing once it is gone.
 */
export type PostgresProcess = {
  pid: number;
  exited: Promise<string>;
  signal(signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): void;
};

/** `windows`: pg_ctl and loopback TCP with a password, since there is no POSIX shell. It runs elsewhere too. */
export type PostgresWay = 'posix' | 'windows';

export type Launch = {
  binaries: PostgresBinaries;
  identity: PostgresIdentity;
  clusterDir: string;
  logPath: string;
  way: PostgresWay;
};

/**
 * The shell becomes PostgreSQL (its process id stays), leaving behind a watcher that is no child of PostgreSQL and
 * reads the pipe whose other end this process holds. A line on it means that PostgreSQL is gone already; its end
 * means that we are: then PostgreSQL is asked for a fast shutdown, and after 3 s for an immediate one.
 * `sleep 1` because POSIX knows whole seconds only.
 */
const WATCHED = `
exec 3<&0 </dev/null
postgres=$$
(
  (
    trap '' HUP INT QUIT TERM
    read -r gone <&3 && exit 0
    kill -INT "$postgres" || exit 0
    for second in 1 2 3; do sleep 1; kill -0 "$postgres" || exit 0; done
    kill -QUIT "$postgres"
  ) >/dev/null 2>&1 &
)
exec "$@" 3<&-
`;

/** Starts PostgreSQL in a session of its own (Ctrl-C reaches only us) and bound to our life. */
export const launchPostgres = (launch: Launch): Promise<PostgresProcess> =>
  launch.way === 'windows' ? launchByPgCtl(launch) : launchByShell(launch);

async function launchByShell(launch: Launch): Promise<PostgresProcess> {
  const { command, args, ...user } = underIdentity(launch.identity, launch.binaries.postgres, [
    '-D',
    launch.clusterDir,
  ]);
  const log = openPostgresLog(launch.logPath);
  const child = spawn('/bin/sh', ['-c', WATCHED, 'sh', command, ...args], {
    ...user,
    cwd: '/',
    detached: true,
    stdio: ['pipe', log, log],
    env: postgresEnvironment(),
  });
  closeSync(log);
  const pipe = await pipeTo(child);
  const pid = child.pid ?? 0;
  let gone = false;
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      gone = true;
      pipe.end('gone\n');
      resolve(signal ? `was ended by ${signal}` : `exited with code ${code}`);
    });
  });
  return { pid, exited, signal: (signal) => void (gone || process.kill(pid, signal)) };
}

/** Runs on Windows, where there is no POSIX shell: waits for the end of our pipe and then calls pg_ctl. */
const WATCHING_NODE = `
const { execFileSync } = require('node:child_process');
const [pgCtl, directory] = process.argv.slice(1);
const stop = (mode) => execFileSync(pgCtl, ['stop', '-D', directory, '-m', mode, '-w', '-t', '3'], { stdio: 'ignore' });
process.stdin.on('data', () => process.exit(0));
process.stdin.on('end', () => { try { stop('fast'); } catch { stop('immediate'); } });
`;

/**
 * The same where there is no POSIX shell. pg_ctl starts PostgreSQL, which on Windows also takes an administrator's
 * rights away from it, as PostgreSQL demands; a process beside it watches our pipe.
 */
async function launchByPgCtl(launch: Launch): Promise<PostgresProcess> {
  const { binaries, clusterDir, logPath } = launch;
  const watcher = spawn(process.execPath, ['-e', WATCHING_NODE, binaries.pgCtl, clusterDir], {
    cwd: clusterDir,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    windowsHide: true,
    env: postgresEnvironment(),
  });
  const pipe = await pipeTo(watcher);
  const log = openPostgresLog(logPath);
  const starting = spawn(binaries.pgCtl, ['start', '-D', clusterDir, '-W'], {
    cwd: clusterDir,
    detached: true,
    stdio: ['ignore', log, log],
    windowsHide: true,
    env: postgresEnvironment(),
  });
  closeSync(log);
  await new Promise((resolve) => starting.once('exit', resolve));
  const pid = await pidOf(clusterDir);
  const exited = (async () => {
    while (pid > 0 && isAlive(pid)) await delay(200);
    pipe.end('gone\n');
    return pid > 0 ? 'is gone' : 'did not come up';
  })();
  const modes = { SIGINT: 'fast', SIGQUIT: 'immediate', SIGKILL: 'immediate' } as const;
  const stop = (mode: string) =>
    run(binaries.pgCtl, ['stop', '-D', clusterDir, '-m', mode, '-W'], { env: postgresEnvironment() });
  // A stop that fails shows as a PostgreSQL that stays, which the caller watches by `exited`.
  return { pid, exited, signal: (signal) => void stop(modes[signal]).catch(() => undefined) };
}

async function pidOf(clusterDir: string): Promise<number> {
  const deadline = Date.now() + 5_000;
  while (Date.now() < deadline) {
    const found = readPostmasterFile(clusterDir);
    if (found) return found.pid;
    await delay(20);
  }
  return 0; // it never came up; its log says why
}

const postgresEnvironment = () => childEnvironment({ LC_ALL: 'C', TZ: 'UTC' });

/** Our end of the pipe to a watcher, once its process is there. */
async function pipeTo(child: ChildProcess): Promise<Writable> {
  await new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const pipe = child.stdin;
  if (!pipe) throw new Error('started without a pipe');
  pipe.on('error', () => pipe.destroy()); // the watcher was killed: nobody is left to be told
  return pipe;
}
