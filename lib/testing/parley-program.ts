import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { projectRoot } from '@/lib/server/boot/project-root';
import { findRunningPostgres } from '@/lib/server/database/running-postgres';
import { childEnvironment } from '@/lib/server/env';
import { copyDatabase } from './copied-database';

/** The bearer key with the admin role of every program started here. */
export const ADMIN_KEY = 'admin-key-of-a-test-program-0123456789';

/** What the program prints once it answers. `afterMs` counts from its start. */
export type Ready = { url: string; signInUrl: string; afterMs: number };

/** The real program, running or gone. */
export type ParleyProcess = {
  pid: number;
  dataDir: string;
  /** What it has printed so far, both streams in the order in which they came. */
  log(): string;
  /** Rejects with what it printed when it ends, or `withinMs` pass, without being ready. */
  ready(withinMs?: number): Promise<Ready>;
  /** Exit code, or the name of the signal that ended it. */
  exited: Promise<number | NodeJS.Signals>;
  signal(signal: NodeJS.Signals): void;
  /** Ends node, and node alone, as a crash would. Resolves when it is gone. */
  kill9(): Promise<void>;
  /** Asks it to stop and resolves with how it ended. Removes the data directory if it was made here. */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>;
  /** Process id of the first process of its embedded PostgreSQL, or null where none takes connections. */
  postgresPid(): number | null;
};

export type ParleyProgram = ParleyProcess & Ready;

export type ParleyOptions = {
  /** One that is kept; without it, one in the directory for temporary files that `stop` removes, see copied-database.ts. */
  dataDir?: string;
  /** Wins over what a test program is started with. */
  env?: Record<string, string>;
  /** `--dev`: compiles pages when they are asked for, instead of serving those that were built. */
  development?: boolean;
};

const READY_MS = 60_000;
const DEFAULTS = { PORT: '0', PARLEY_ADMIN_KEY: ADMIN_KEY, PARLEY_SANDBOX: 'on', PARLEY_SANDBOX_PACE_MS: '0' };

/** Starts the real program as `npm start` does, on a free port, and does not wait for it. */
export function launchParley(options: ParleyOptions = {}): ParleyProcess {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'parley-program-'));
  if (options.dataDir === undefined) copyDatabase(dataDir);
  const startedAt = performance.now();
  const args = ['--import', 'tsx', join(projectRoot(), 'server.ts'), ...(options.development ? ['--dev'] : [])];
  const child = spawn(process.execPath, args, {
    cwd: projectRoot(),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: childEnvironment({ ...DEFAULTS, PARLEY_DATA_DIR: dataDir, ...options.env }),
  });
  let log = '';
  let readyMs = 0;
  let isGone = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (readyMs === 0 && log.includes('\nParley is ready at ')) readyMs = performance.now() - startedAt;
    });
  }
  const exited = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once('error', reject);
    // Not `close`: whatever else holds its streams is no part of it.
    child.once('exit', (code, signal) => {
      isGone = true;
      resolve(signal ?? code ?? 0);
    });
  });
  const endWithUs = () => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  void exited.finally(() => process.off('exit', endWithUs));

  return {
    pid: child.pid ?? 0,
    dataDir,
    log: () => log,
    exited,
    signal: (signal) => void child.kill(signal),
    async ready(withinMs = READY_MS) {
      const until = performance.now() + withinMs;
      for (;;) {
        const [, url] = /^Parley is ready at (\S+)$/m.exec(log) ?? [];
        const [, signInUrl] = /^Sign in: (\S+)$/m.exec(log) ?? []; // lines of the log may stand between
        if (url && signInUrl) return { url, signInUrl, afterMs: Math.round(readyMs) };
        if (isGone) throw new Error(`Parley ended before it was ready. It printed:\n${log}`);
        if (performance.now() > until) throw new Error(`Parley is not ready after ${withinMs} ms. It printed:\n${log}`);
        await delay(10);
      }
    },
    async kill9() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      const how = await exited;
      if (options.dataDir === undefined)
        rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
      return how;
    },
    postgresPid: () => findRunningPostgres(dataDir)?.pid ?? null,
  };
}

/** Starts the real program and waits until it answers. The pages must have been built, or `development` be given. */
export async function startParleyProgram(options: ParleyOptions = {}): Promise<ParleyProgram> {
  const program = launchParley(options);
  try {
    return { ...program, ...(await program.ready()) };
  } catch (error) {
    await program.kill9();
    throw error;
  }
}
