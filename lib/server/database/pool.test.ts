import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '@/lib/server/log';
import type { TestDatabase } from '@/lib/testing/test-database';
import { createTestDatabase } from '@/lib/testing/test-database';
import { createPool } from './pool';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('bigint arrives as a number, and one that is too great for it fails its query alone', async () => {
  const { rows } = await database.pool.query('SELECT 9007199254740991::bigint AS n, count(*) AS c, 1.5::numeric AS d');
  expect(rows).toEqual([{ n: 9_007_199_254_740_991, c: 1, d: '1.5' }]);
  await expect(database.pool.query('SELECT 9007199254740992::bigint AS n')).rejects.toThrow('does not fit a number');
  expect((await database.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

test('the parsers of other pools and of Prisma are left as they were', async () => {
  const other = new pg.Pool({ connectionString: database.connectionString });
  expect((await other.query('SELECT 1::bigint AS n')).rows).toEqual([{ n: '1' }]);
  await other.end();
  expect(await database.prisma.$queryRaw`SELECT 1::bigint AS n`).toEqual([{ n: 1n }]);
});

test('connections that the server ends, idle or lent out, cost their own query and nothing else', async () => {
  const pool = createPool(database.connectionString, createLog({ logLevel: 'silent' }), 3);
  const lent = await pool.connect();
  const idle = await pool.connect();
  idle.release();
  const { rows } = await lent.query('SELECT pg_backend_pid() AS pid');
  expect(rows).toHaveLength(1);
  await database.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  await expect.poll(() => pool.idleCount).toBe(0);
  await expect(lent.query('SELECT 1')).rejects.toThrow();
  lent.release(true);
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await pool.end();
});
