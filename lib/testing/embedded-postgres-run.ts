import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { onTestFinished, vi } from 'vitest';
import { isAlive } from '@/lib/server/boot/process-identity';
import { projectRoot } from '@/lib/server/boot/project-root';
import type { Program } from './start-program';
import { startProgram } from './start-program';

const PROGRAM = 'lib/testing/embedded-postgres-program.ts';

/** A directory that is gone after the test. */
export function temporaryDirectory(parent = tmpdir()): string {
  const directory = mkdtempSync(join(parent, 'parley-room-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  return directory;
}

/** Starts an embedded PostgreSQL in a process of its own. Whatever becomes of it, nothing of it outlives the test. */
export function startPostgresProgram(
  dataDir: string,
  options: Parameters<typeof startProgram>[2] & { args?: string[] } = {},
) {
  const { args = [], ...rest } = options;
  const program = startProgram(PROGRAM, ['--data-dir', dataDir, ...args], rest);
  onTestFinished(async () => {
    program.kill('SIGTERM');
    await program.exited;
    const started = /^ready (\d+)/m.exec(program.stdout());
    if (started) await vi.waitUntil(() => !isAlive(Number(started[1])), { timeout: 10_000 });
  });
  return program;
}

/** Waits until it is ready: the process id of its PostgreSQL and its address. */
export async function ready(program: Program): Promise<{ pid: number; connectionString: string }> {
  const [, pid = '', connectionString = ''] = await program.says(/^ready (\d+) (\S+)$/m);
  return { pid: Number(pid), connectionString };
}

/** Runs statements on a connection of their own; rows of the last. */
export async function ask(connectionString: string, ...statements: string[]): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined); // servers are killed under it on purpose
  await client.connect();
  try {
    let rows: unknown[] = [];
    for (const statement of statements) rows = (await client.query(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

export const isRoot = process.getuid?.() === 0;

/** Starts a program as a user without rights. */
export const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

/** Whether this checkout lies where such a user can read it, as it must to run from it. */
export const nobodyReadsUs = isRoot && succeeds(...AS_NOBODY, 'test', '-r', join(projectRoot(), 'package.json'));

function succeeds(command = '', ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return false;
  }
}
