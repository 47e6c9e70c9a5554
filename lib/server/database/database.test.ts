import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { isAlive } from '@/lib/server/boot/process-identity';
import { createLog } from '@/lib/server/log';
import { ready, startPostgresProgram, temporaryDirectory } from '@/lib/testing/embedded-postgres-run';
import { createTestDatabase } from '@/lib/testing/test-database';
import { openDatabase, openDatabaseForCommand } from './database';
import { migrate } from './migrate';
import { createPool } from './pool';
import { findRunningPostgres } from './running-postgres';

const log = createLog({ logLevel: 'silent' });

test('without DATABASE_URL the embedded PostgreSQL is started, takes our migrations, and stops', async () => {
  const dataDir = temporaryDirectory();
  const database = await openDatabase({ env: { databaseUrl: null, dataDir }, log });
  expect(database.embedded).toBe(true);
  expect((await migrate(database.pool)).length).toBeGreaterThan(0);
  expect(await database.prisma.workspace.count()).toBe(0);
  const running = findRunningPostgres(dataDir);
  expect(running?.connectionString).toBe(database.connectionString);
  await Promise.all([database.stop(), database.stop()]);
  expect(isAlive(running?.pid ?? 0)).toBe(false);
  expect(findRunningPostgres(dataDir)).toBeNull();
});

test('a stop does not wait for ever for a connection that somebody keeps', async () => {
  const dataDir = temporaryDirectory();
  const database = await openDatabase({ env: { databaseUrl: null, dataDir }, log });
  await database.pool.connect();
  await database.stop();
  expect(existsSync(join(dataDir, 'parley.pid'))).toBe(false);
});

test('with DATABASE_URL that PostgreSQL is used, and nothing is made in the data directory', async () => {
  const theirs = await createTestDatabase();
  const dataDir = join(temporaryDirectory(), 'data');
  const database = await openDatabase({ env: { databaseUrl: theirs.connectionString, dataDir }, log });
  expect(database.embedded).toBe(false);
  expect((await database.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await database.stop();
  expect(existsSync(dataDir)).toBe(false);
  await theirs.drop();
});

test('tables lie in the schema that the search_path names first, and Prisma finds them there', async () => {
  const admin = createPool(inject('postgres'), log, 1);
  await admin.query('CREATE DATABASE by_schema TEMPLATE template0');
  const url = new URL(inject('postgres'));
  url.pathname = '/by_schema';
  const inside = createPool(url.href, log, 1);
  await inside.query('CREATE SCHEMA before');
  await inside.query('CREATE SCHEMA ours');
  const openOn = (path: string) => {
    url.searchParams.set('options', `-c search_path=${path}`);
    return openDatabase({ env: { databaseUrl: url.href, dataDir: 'unused' }, log });
  };
  const first = await openOn('ours');
  await migrate(first.pool);
  expect(await first.prisma.workspace.count()).toBe(0);
  await first.stop();
  const again = await openOn('before,ours');
  expect(await again.prisma.workspace.count()).toBe(0);
  await again.stop();
  await inside.end();
  await admin.query('DROP DATABASE by_schema WITH (FORCE)');
  await admin.end();
});

test('a DATABASE_URL that cannot be used is reported with its host, what is wrong, and no password', async () => {
  const url = new URL(inject('postgres'));
  url.password = 'hush';
  url.pathname = '/not_there';
  const opening = openDatabase({ env: { databaseUrl: url.href, dataDir: 'unused' }, log });
  await expect(opening).rejects.toThrow(/not_there.*does not exist[\s\S]*DATABASE_URL/);
  await expect(opening).rejects.not.toThrow(/hush/);
});

test('a database in another encoding is refused', async () => {
  const admin = createPool(inject('postgres'), log, 1);
  await admin.query(`CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1'`);
  const url = new URL(inject('postgres'));
  url.pathname = '/latin';
  const opening = openDatabase({ env: { databaseUrl: url.href, dataDir: 'unused' }, log });
  await expect(opening).rejects.toThrow(/LATIN1.*UTF8/);
  await admin.query('DROP DATABASE latin WITH (FORCE)');
  await admin.end();
});

test('a role that may make nothing in a new database, and a database that takes no writes, are refused with what to do', async () => {
  const theirs = await createTestDatabase();
  const admin = createPool(theirs.connectionString, log, 1);
  const url = new URL(theirs.connectionString);
  const openAs = (options: string) => {
    url.searchParams.set('options', options);
    return openDatabase({ env: { databaseUrl: url.href, dataDir: 'unused' }, log });
  };
  await expect(openAs('-c default_transaction_read_only=on')).rejects.toThrow(/can only be read/);
  const role = `poor_${randomUUID().replaceAll('-', '')}`;
  await admin.query('ALTER TABLE _prisma_migrations RENAME TO before'); // so that it looks new
  await admin.query(`CREATE ROLE ${role}`);
  await expect(openAs(`-c role=${role}`)).rejects.toThrow(new RegExp(`${role} may not make[\\s\\S]*DATABASE_URL`));
  await admin.query(`DROP ROLE ${role}`);
  await admin.end();
  await theirs.drop();
});

test('a command uses the PostgreSQL of a running Parley and leaves it running', async () => {
  const dataDir = temporaryDirectory();
  const parley = startPostgresProgram(dataDir);
  const { pid, connectionString } = await ready(parley);
  const database = await openDatabaseForCommand({ env: { databaseUrl: null, dataDir }, log });
  expect(database.connectionString).toBe(connectionString);
  await database.stop();
  expect(isAlive(pid)).toBe(true);
});

test('a command starts PostgreSQL for itself when no Parley runs', async () => {
  const dataDir = temporaryDirectory();
  const database = await openDatabaseForCommand({ env: { databaseUrl: null, dataDir }, log });
  expect((await database.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await database.stop();
  expect(findRunningPostgres(dataDir)).toBeNull();
});
