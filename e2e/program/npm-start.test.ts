import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { errorCode } from '@/lib/server/boot/error-code';
import { isAlive } from '@/lib/server/boot/process-identity';
import { projectRoot } from '@/lib/server/boot/project-root';
import { findRunningPostgres } from '@/lib/server/database/running-postgres';
import { childEnvironment } from '@/lib/server/env';

const READY_MS = 60_000;

type Npm = { child: ChildProcess; pid: number; log(): string; exited: Promise<number | NodeJS.Signals | null> };

/** `npm start` in a process group of its own, as a terminal runs it. */
function npmStart(dataDir: string): Npm {
  const child = spawn('npm', ['start'], {
    cwd: projectRoot(),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: childEnvironment({ PORT: '0', PARLEY_DATA_DIR: dataDir }),
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  }
  const exited = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
  return { child, pid: child.pid ?? 0, log: () => log, exited };
}

/** Ends whatever a test that failed has left. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

// npm passes a signal on to the shell that it starts a script with, and to nobody else.
test.skipIf(process.platform === 'win32').for([
  ['SIGTERM', 'npm alone'],
  ['SIGINT', 'npm and all below it'],
] as const)(
  'npm start: after %s to %s everything has stopped in order, and the log is clean',
  async ([signal, whom]) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'parley-npm-'));
    const npm = npmStart(dataDir);
    onTestFinished(async () => {
      endGroup(npm.pid);
      await npm.exited;
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 300 });
    });
    await expect.poll(npm.log, { timeout: READY_MS }).toMatch(/^Sign in: \S+$/m);
    const postgres = findRunningPostgres(dataDir)?.pid ?? 0;
    expect(isAlive(postgres)).toBe(true);

    process.kill(whom === 'npm alone' ? npm.pid : -npm.pid, signal);
    expect(await npm.exited, npm.log()).toBe(0);
    expect(isAlive(postgres)).toBe(false);
    const [, url = ''] = /^Parley is ready at (\S+)$/m.exec(npm.log()) ?? [];
    await expect(fetch(url)).rejects.toThrow();
    const louder = npm.log().match(/^.*"level":[456]0.*$/gm);
    expect(louder, 'warnings and errors of a start and a stop').toBeNull();
  },
);
