import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startProgram } from '@/lib/testing/start-program';
import { createTestDatabase } from '@/lib/testing/test-database';
import { createLog } from '../log';
import { isConnectionLost } from './is-connection-lost';
import { migrate } from './migrate';
import { createPool } from './pool';
import { createPrisma } from './prisma';

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

test('what PostgreSQL refuses is no lost connection', async () => {
  const { pool, prisma, drop } = await createTestDatabase();
  onTestFinished(drop);
  expect(isConnectionLost(await failureOf(pool.query('SELECT 1 / 0')))).toBe(false);
  expect(isConnectionLost(await failureOf(pool.query('SELECT no_such_column')))).toBe(false);
  expect(isConnectionLost(await failureOf(pool.query('SET statement_timeout = 1; SELECT pg_sleep(1)')))).toBe(false);
  expect(isConnectionLost(await failureOf(prisma.$queryRawUnsafe('SELECT 1 / 0')))).toBe(false);
});

test('a server that goes, is gone, or comes back is a lost connection, whoever asks', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'parley-lost-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));
  const server = startProgram('lib/testing/embedded-postgres-program.ts', ['--data-dir', directory]);
  const [, pid, connectionString = ''] = await server.says(/^ready (\d+) (\S+)$/m);
  const pool = createPool(connectionString, createLog({ logLevel: 'silent' }), 5);
  const prisma = createPrisma(pool);
  onTestFinished(async () => {
    await pool.end();
    server.kill('SIGTERM');
    await server.exited;
  });
  await migrate(pool);
  const interrupted = [failureOf(pool.query('SELECT pg_sleep(20)')), failureOf(prisma.$queryRaw`SELECT pg_sleep(20)`)];
  await expect
    .poll(async () => (await pool.query("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'")).rowCount)
    .toBe(2);
  process.kill(Number(pid), 'SIGKILL');
  for (const error of await Promise.all(interrupted)) expect(isConnectionLost(error), String(error)).toBe(true);
  // Until it answers again, whatever is asked meets a closed, a missing or a starting server.
  let isBack = false;
  const asks = [() => pool.query('SELECT 1'), () => prisma.$queryRaw`SELECT 1`, () => prisma.setting.findMany()];
  for (let n = 0; !isBack; n += 1) {
    await delay(20);
    const error = await failureOf(asks[n % asks.length]?.() ?? Promise.resolve());
    isBack = error === null;
    if (error !== null) expect(isConnectionLost(error), String(error)).toBe(true);
  }
  // Stopped in order, it takes its socket away.
  server.kill('SIGTERM');
  await server.exited;
  for (const ask of asks) expect(isConnectionLost(await failureOf(ask()))).toBe(true);
}, 30_000);

test.for([
  [{ code: 'EPIPE', message: 'write EPIPE' }, true],
  [{ code: 'ETIMEDOUT', message: 'connect ETIMEDOUT 192.0.2.1:5432' }, true],
  [{ code: 'ENOENT', message: "ENOENT: no such file or directory, open 'x'" }, false],
  [{ code: '57P01', message: 'terminating connection due to administrator command' }, true],
  [{ code: '53100', message: 'could not extend file: No space left on device' }, true],
  [{ code: '23505', message: 'duplicate key value violates unique constraint' }, false],
  [{ message: 'Client was closed and is not queryable' }, true],
  [{ code: 'P2002', message: 'Unique constraint failed' }, false],
  [null, false],
] as const)('%o: %s', ([error, isLost]) => {
  expect(isConnectionLost(error)).toBe(isLost);
});
