import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '@/lib/testing/embedded-postgres-run';
import { startProgram } from '@/lib/testing/start-program';
import { isAlive, startTokenOf } from './process-identity';
import { findLockHolder, takeProcessLock } from './process-lock';

const PROGRAM = 'lib/testing/process-lock-program.ts';

async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '0']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

test('a lock is held by one process, names it, and is free after its release', async () => {
  const path = join(temporaryDirectory(), 'lock');
  const holder = startProgram(PROGRAM, [path]);
  await holder.says(/taken/);
  expect(await takeProcessLock(path)).toMatchObject({ ok: false, holder: { pid: holder.pid } });
  expect(findLockHolder(path)?.pid).toBe(holder.pid);
  expect(readFileSync(path, 'utf8').split('\n')[0]).toBe(String(holder.pid));
  holder.kill('SIGTERM');
  await holder.exited;
  expect(existsSync(path)).toBe(false);
});

test('the lock of a killed process is taken over', async () => {
  const path = join(temporaryDirectory(), 'lock');
  const holder = startProgram(PROGRAM, [path]);
  await holder.says(/taken/);
  holder.kill('SIGKILL');
  await holder.exited;
  expect(findLockHolder(path)).toBeNull();
  expect(await takeProcessLock(path)).toMatchObject({ ok: true });
});

test('the lock of a process whose id now belongs to another is taken over', async () => {
  const path = join(temporaryDirectory(), 'lock');
  writeFileSync(path, `${process.pid}\nanother life\n2026-01-01T00:00:00.000Z\n`);
  expect(startTokenOf(process.pid)).not.toBe('another life');
  expect(await takeProcessLock(path)).toMatchObject({ ok: true });
});

test('a lock file with the id of a living process and nothing else was not made by us, and holds nobody up', async () => {
  const path = join(temporaryDirectory(), 'lock');
  writeFileSync(path, `${process.ppid}\n`);
  utimesSync(path, new Date(0), new Date(0));
  expect(findLockHolder(path)).toBeNull();
  expect(await takeProcessLock(path)).toMatchObject({ ok: true });
});

test('a lock file that was never finished does not hold for ever', async () => {
  const path = join(temporaryDirectory(), 'lock');
  writeFileSync(path, '12');
  utimesSync(path, new Date(0), new Date(0));
  expect(await takeProcessLock(path)).toMatchObject({ ok: true });
});

test('of many that take over a stale lock at once exactly one has it', async () => {
  const path = join(temporaryDirectory(), 'lock');
  writeFileSync(path, `${await endedPid()}\n\n2026-01-01T00:00:00.000Z\n`);
  const programs = Array.from({ length: 6 }, () => startProgram(PROGRAM, [path]));
  await Promise.all(programs.map((program) => program.says(/taken|refused/)));
  expect(programs.filter((program) => program.stdout().includes('taken'))).toHaveLength(1);
  for (const program of programs) program.kill('SIGTERM');
  await Promise.all(programs.map((program) => program.exited));
});

test('a release leaves a lock alone that somebody else has taken since', async () => {
  const path = join(temporaryDirectory(), 'lock');
  const attempt = await takeProcessLock(path);
  writeFileSync(path, 'theirs\n\n\n');
  if (attempt.ok) attempt.release();
  expect(readFileSync(path, 'utf8')).toBe('theirs\n\n\n');
});

test('a process that has ended is not alive although nobody has reaped it', async () => {
  // The shell starts a child, becomes `sleep` and so never waits for it.
  const shell = spawn('/bin/sh', ['-c', 'true & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [said] = await once(shell.stdout, 'data');
  await expect.poll(() => isAlive(Number(String(said)))).toBe(false);
  shell.kill();
});
