import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '@/lib/testing/embedded-postgres-run';
import type { TestDatabase } from '@/lib/testing/test-database';
import { createTestDatabase } from '@/lib/testing/test-database';
import { migrate, readMigrationState } from './migrate';
import { readMigrations } from './migration-files';

const FIRST = 'CREATE TABLE a (n integer);\nCREATE TABLE b (n integer);\n';
const SECOND = 'ALTER TABLE a ADD COLUMN m integer;\n';

let database: TestDatabase;
let directory: string;

beforeEach(async () => {
  database = await createTestDatabase();
  await database.pool.query('DROP TABLE _prisma_migrations');
  directory = temporaryDirectory();
  onTestFinished(() => database.drop());
});

function write(name: string, sql: string): void {
  mkdirSync(join(directory, name), { recursive: true });
  writeFileSync(join(directory, name, 'migration.sql'), sql);
}

const tables = async () => {
  const { rows } = await database.pool.query(
    `SELECT relname FROM pg_class WHERE relname IN ('a', 'b', 'c') ORDER BY 1`,
  );
  return rows.map((row) => row.relname);
};

test('migrations are applied in the order of their names, once, and recorded as Prisma records them', async () => {
  write('0002_second', SECOND);
  write('0001_first', FIRST);
  writeFileSync(join(directory, 'migration_lock.toml'), 'provider = "postgresql"\n');
  expect(await readMigrationState(database.pool, directory)).toEqual({
    applied: [],
    pending: ['0001_first', '0002_second'],
  });
  expect(await migrate(database.pool, directory)).toEqual(['0001_first', '0002_second']);
  expect(await migrate(database.pool, directory)).toEqual([]);
  const { rows } = await database.pool.query(
    `SELECT migration_name, checksum, finished_at >= started_at AS finished, applied_steps_count, logs, rolled_back_at
       FROM _prisma_migrations ORDER BY started_at, migration_name`,
  );
  const [first, second] = readMigrations(directory);
  const same = { finished: true, applied_steps_count: 1, logs: null, rolled_back_at: null };
  expect(rows).toEqual([
    { migration_name: '0001_first', checksum: first?.checksum, ...same },
    { migration_name: '0002_second', checksum: second?.checksum, ...same },
  ]);
});

test('the table of migrations has exactly the columns that Prisma gives it', async () => {
  await migrate(database.pool, directory);
  const { rows } = await database.pool.query(
    `SELECT column_name || ' ' || data_type || coalesce('(' || character_maximum_length || ')', '') ||
            CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END || coalesce(' default ' || column_default, '') AS is
       FROM information_schema.columns WHERE table_name = '_prisma_migrations' ORDER BY ordinal_position`,
  );
  expect(rows.map((row) => row.is)).toEqual([
    'id character varying(36) not null',
    'checksum character varying(64) not null',
    'finished_at timestamp with time zone',
    'migration_name character varying(255) not null',
    'logs text',
    'rolled_back_at timestamp with time zone',
    'started_at timestamp with time zone not null default now()',
    'applied_steps_count integer not null default 0',
  ]);
});

test('the checksum is the hex SHA-256 of the file, whatever a checkout made of its line ends', () => {
  write('0001_first', 'SELECT 1;\n');
  write('0002_windows', 'SELECT 1;\r\n');
  const sums = readMigrations(directory).map(({ checksum }) => checksum);
  expect(sums[0]).toBe('b4e0497804e46e0a0b0b8c31975b062152d551bac49c3c2e80932567b4085dcd');
  expect(sums[1]).toBe(sums[0]);
});

test('a migration that fails leaves nothing of itself and keeps those before it', async () => {
  write('0001_first', FIRST);
  write('0002_second', 'CREATE TABLE c (n integer);\nSELECT 1 / 0;\n');
  await expect(migrate(database.pool, directory)).rejects.toThrow('0002_second failed: division by zero');
  expect(await tables()).toEqual(['a', 'b']);
  write('0002_second', 'CREATE TABLE c (n integer);\n');
  expect(await migrate(database.pool, directory)).toEqual(['0002_second']);
});

test('a migration that changed after it was applied is named and nothing is applied', async () => {
  write('0001_first', FIRST);
  await migrate(database.pool, directory);
  write('0001_first', `${FIRST}-- a thought\n`);
  write('0002_second', SECOND);
  await expect(migrate(database.pool, directory)).rejects.toThrow(/migration 0001_first is not the one/);
  await expect(readMigrationState(database.pool, directory)).rejects.toThrow(/0001_first/);
});

test('a database that is newer than the program is refused', async () => {
  write('0001_first', FIRST);
  write('0002_second', SECOND);
  await migrate(database.pool, directory);
  const older = directory;
  directory = temporaryDirectory();
  write('0001_first', FIRST);
  await expect(migrate(database.pool, directory)).rejects.toThrow(/newer than this Parley.*0002_second/);
  expect(await migrate(database.pool, older)).toEqual([]);
});

test('instances that start at once apply each migration once', async () => {
  write('0001_first', FIRST);
  write('0002_second', SECOND);
  const results = await Promise.all([1, 2, 3, 4].map(() => migrate(database.pool, directory)));
  expect(results.flat()).toEqual(['0001_first', '0002_second']);
});

test('a migration marked so runs outside a transaction, and again when it was never recorded as finished', async () => {
  write('0001_first', FIRST);
  write('0002_index', '-- parley:no-transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS a_n ON a (n);\n');
  expect(await migrate(database.pool, directory)).toEqual(['0001_first', '0002_index']);
  await database.pool.query(`UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '0002_index'`);
  expect(await migrate(database.pool, directory)).toEqual(['0002_index']);
  const { rows } = await database.pool.query('SELECT count(*) AS n FROM _prisma_migrations');
  expect(rows).toEqual([{ n: 2 }]);
});

test('a migration that another tool began and left is named', async () => {
  write('0001_first', FIRST);
  await migrate(database.pool, directory);
  await database.pool.query('UPDATE _prisma_migrations SET finished_at = NULL');
  await expect(migrate(database.pool, directory)).rejects.toThrow(/0001_first was begun by another tool/);
  await database.pool.query('UPDATE _prisma_migrations SET rolled_back_at = now()');
  await database.pool.query('DROP TABLE a, b');
  expect(await migrate(database.pool, directory)).toEqual(['0001_first']);
});
