import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { isAlive } from '@/lib/server/boot/process-identity';
import { createLog } from '@/lib/server/log';
import { ask, ready, startPostgresProgram, temporaryDirectory } from '@/lib/testing/embedded-postgres-run';
import { startEmbeddedPostgres } from './embedded-postgres';

const log = createLog({ logLevel: 'silent' });

test('the first start makes a durable UTF-8 cluster that only its owner reaches, and a stop leaves nothing running', async () => {
  const dataDir = temporaryDirectory();
  const database = await startEmbeddedPostgres({ dataDir, log });
  const [settings] = await ask(
    database.connectionString,
    `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS sync,
            current_setting('server_encoding') AS encoding, current_setting('max_connections') AS connections,
            current_setting('listen_addresses') AS listening, current_setting('data_checksums') AS checksums,
            current_setting('timezone') AS timezone, current_database() AS name,
            (SELECT datcollate FROM pg_database WHERE datname = current_database()) AS locale`,
  );
  expect(settings).toEqual({
    fsync: 'on',
    sync: 'on',
    encoding: 'UTF8',
    connections: '100',
    listening: '',
    checksums: 'on',
    timezone: 'UTC',
    name: 'parley',
    locale: 'C',
  });
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  expect(statSync(join(dataDir, 'socket')).mode & 0o777).toBe(0o700);
  const { pid } = database;
  await database.stop();
  expect(isAlive(pid)).toBe(false);
  expect(readdirSync(dataDir).sort()).toEqual(['postgres', 'postgres.log', 'socket']);
});

test('what was committed is there after a restart', async () => {
  const dataDir = temporaryDirectory();
  const first = await startEmbeddedPostgres({ dataDir, log });
  await ask(first.connectionString, 'CREATE TABLE kept (n integer)', 'INSERT INTO kept VALUES (7)');
  await first.stop();
  const second = await startEmbeddedPostgres({ dataDir, log });
  expect(await ask(second.connectionString, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  expect(second.connectionString).toBe(first.connectionString);
  await second.stop();
});

test('kill -9 of Parley ends PostgreSQL within 5 s and loses nothing that was committed', async () => {
  const dataDir = temporaryDirectory();
  const program = startPostgresProgram(dataDir);
  const { pid, connectionString } = await ready(program);
  await ask(connectionString, 'CREATE TABLE kept (n integer)', 'INSERT INTO kept VALUES (7)');
  program.kill('SIGKILL');
  await vi.waitUntil(() => !isAlive(pid), { timeout: 5_000, interval: 10 });
  const again = await ready(startPostgresProgram(dataDir));
  expect(await ask(again.connectionString, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
});

test('a PostgreSQL whose Parley and watcher were both killed is stopped by the next start', async () => {
  const dataDir = temporaryDirectory();
  const program = startPostgresProgram(dataDir);
  const { pid, connectionString } = await ready(program);
  await ask(connectionString, 'CREATE TABLE kept (n integer)', 'INSERT INTO kept VALUES (7)');
  for (const watcher of watchersOf(pid)) process.kill(watcher, 'SIGKILL');
  program.kill('SIGKILL');
  await program.exited;
  expect(isAlive(pid)).toBe(true);
  const again = await ready(startPostgresProgram(dataDir));
  expect(isAlive(pid)).toBe(false);
  expect(await ask(again.connectionString, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
});

test('after kill -9 of Parley, its watcher and PostgreSQL at once the next start recovers', async () => {
  const dataDir = temporaryDirectory();
  const program = startPostgresProgram(dataDir);
  const { pid, connectionString } = await ready(program);
  await ask(connectionString, 'CREATE TABLE kept (n integer)', 'INSERT INTO kept VALUES (7)');
  for (const victim of [...watchersOf(pid), program.pid, pid]) process.kill(victim, 'SIGKILL');
  const again = await ready(startPostgresProgram(dataDir));
  expect(await ask(again.connectionString, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
});

test('PostgreSQL is started again on the same address when it dies', async () => {
  const dataDir = temporaryDirectory();
  const database = await startEmbeddedPostgres({ dataDir, log });
  await ask(database.connectionString, 'CREATE TABLE kept (n integer)', 'INSERT INTO kept VALUES (7)');
  const { pid } = database;
  process.kill(pid, 'SIGKILL');
  await vi.waitUntil(() => database.pid !== pid, { timeout: 15_000 });
  expect(await ask(database.connectionString, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  await database.stop();
});

test('a second Parley on the same data directory is refused and told which process has it', async () => {
  const dataDir = temporaryDirectory();
  const first = startPostgresProgram(dataDir);
  const { connectionString } = await ready(first);
  const second = startPostgresProgram(dataDir);
  expect(await second.exited).toBe(1);
  expect(second.stderr()).toContain(`process ${first.pid}`);
  expect(second.stderr()).toContain(dataDir);
  expect(second.stderr()).not.toContain('    at ');
  expect(await ask(connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('Ctrl-C reaches Parley alone, which then stops PostgreSQL in its own time', async () => {
  const dataDir = temporaryDirectory();
  const program = startPostgresProgram(dataDir, { detached: true });
  const { pid } = await ready(program);
  expect(sessionOf(pid)).not.toBe(sessionOf(program.pid));
  process.kill(-program.pid, 'SIGINT');
  expect(await program.exited).toBe(0);
  expect(program.stdout()).toContain('stopped');
  expect(isAlive(pid)).toBe(false);
});

test('PostgreSQL inherits no secret', async () => {
  const program = startPostgresProgram(temporaryDirectory(), { env: { LETTA_API_KEY: 'sk-not-for-children' } });
  const { pid } = await ready(program);
  const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
  expect(environment).toContain('PATH=');
  expect(environment).not.toContain('not-for-children');
});

test('a postmaster.pid that names a living process of somebody else does not keep it from starting', async () => {
  const dataDir = temporaryDirectory();
  const first = await startEmbeddedPostgres({ dataDir, log });
  const file = join(dataDir, 'postgres', 'postmaster.pid');
  const lines = readFileSync(file, 'utf8').split('\n');
  await first.stop();
  writeFileSync(file, [String(process.pid), ...lines.slice(1)].join('\n'));
  const second = await startEmbeddedPostgres({ dataDir, log });
  expect(await ask(second.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await second.stop();
});

test.each([
  ['empty', ''],
  ['torn', 'garbage\n'],
])('a postmaster.pid that a loss of power left %s does not keep it from starting', async (_how, text) => {
  const dataDir = temporaryDirectory();
  await (await startEmbeddedPostgres({ dataDir, log })).stop();
  const file = join(dataDir, 'postgres', 'postmaster.pid');
  writeFileSync(file, text);
  const longAgo = new Date(Date.now() - 3_600_000);
  utimesSync(file, longAgo, longAgo);
  const database = await startEmbeddedPostgres({ dataDir, log });
  expect(await ask(database.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await database.stop();
});

test('a PostgreSQL that answers but cannot be seen, as in another container, is not touched', async () => {
  const dataDir = temporaryDirectory();
  const program = startPostgresProgram(dataDir);
  const { pid, connectionString } = await ready(program);
  for (const watcher of watchersOf(pid)) process.kill(watcher, 'SIGKILL');
  program.kill('SIGKILL');
  await program.exited;
  const file = join(dataDir, 'postgres', 'postmaster.pid');
  const truth = readFileSync(file, 'utf8');
  writeFileSync(file, truth.replace(String(pid), String(2 ** 22 + 1))); // beyond any process id of Linux
  await expect(startEmbeddedPostgres({ dataDir, log })).rejects.toThrow('another container');
  expect(await ask(connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  writeFileSync(file, truth);
  await ready(startPostgresProgram(dataDir));
});

test('data of another major version is refused with both versions and what to do', async () => {
  const dataDir = temporaryDirectory();
  await (await startEmbeddedPostgres({ dataDir, log })).stop();
  writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '17\n');
  await expect(startEmbeddedPostgres({ dataDir, log })).rejects.toThrow(/PostgreSQL 17.*PostgreSQL 18[\s\S]*pg_dump/);
});

test('a PostgreSQL that does not come up is reported with the end of its log, and the directory is free again', async () => {
  const dataDir = temporaryDirectory();
  const settings = { wal_compression: 'lz4' };
  await expect(startEmbeddedPostgres({ dataDir, log, settings })).rejects.toThrow(/invalid value.*wal_compression/);
  const database = await startEmbeddedPostgres({ dataDir, log });
  await database.stop();
});

test('initdb killed half way leaves nothing that the next start stumbles over', async () => {
  const dataDir = temporaryDirectory();
  for (const moment of [/PG_VERSION/, /global/, /pg_hba.conf/, /postgresql.auto.conf/]) {
    const program = startPostgresProgram(dataDir);
    const half = () => readdirSync(dataDir).find((name) => name.startsWith('postgres.making-'));
    await vi.waitUntil(
      () => {
        const name = half();
        return name !== undefined && moment.test(readdirSync(join(dataDir, name)).join(' '));
      },
      { timeout: 10_000, interval: 1 },
    );
    program.kill('SIGKILL');
    await program.exited;
    expect(readdirSync(dataDir)).not.toContain('postgres');
  }
  await ready(startPostgresProgram(dataDir));
  await vi.waitUntil(() => readdirSync(dataDir).every((name) => !name.includes('making')), { timeout: 5_000 });
});

test('a data directory with a long path gets its socket elsewhere, and still opens for its owner alone', async () => {
  const dataDir = join(temporaryDirectory(), 'a'.repeat(100), 'with space, comma and "quotes"');
  const database = await startEmbeddedPostgres({ dataDir, log });
  const directory = new URL(database.connectionString).searchParams.get('host') ?? '';
  expect(directory.startsWith(dataDir)).toBe(false);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(await ask(database.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await database.stop();
  expect(existsSync(directory)).toBe(false);
});

test('a short data directory with odd characters works too', async () => {
  const dataDir = join(temporaryDirectory(), `it's, "a" b`);
  const database = await startEmbeddedPostgres({ dataDir, log });
  expect(new URL(database.connectionString).searchParams.get('host')).toBe(join(dataDir, 'socket'));
  expect(await ask(database.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await database.stop();
});

/** The shell that PostgreSQL's shell left behind: it shares its session and is no PostgreSQL. */
function watchersOf(pid: number): number[] {
  const found = processes().filter(({ session, args }) => session === pid && args.startsWith('/bin/sh -c'));
  expect(found).toHaveLength(1);
  return found.map((watcher) => watcher.pid);
}

const sessionOf = (pid: number) => processes().find((found) => found.pid === pid)?.session;

function processes(): { pid: number; session: number; args: string }[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,sid=,args='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => {
    const [, pid = '', session = '', args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return { pid: Number(pid), session: Number(session), args };
  });
}
