import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startEmbeddedPostgres } from '@/lib/server/database/embedded-postgres';
import { createLog } from '@/lib/server/log';
import {
  AS_NOBODY,
  ask,
  isRoot,
  nobodyReadsUs,
  ready,
  startPostgresProgram,
  temporaryDirectory,
} from '@/lib/testing/embedded-postgres-run';
import { underIdentity } from './postgres-identity';

const NOBODY = 65_534;
/** A root whose machine forbids user namespaces, as containers do: here it just does not find `unshare`. */
const WITHOUT_UNSHARE = { PATH: '/nonexistent' };
const log = createLog({ logLevel: 'silent' });

const uidOf = (pid: number) => /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];

function directoryOfNobody(): string {
  const directory = temporaryDirectory();
  chownSync(directory, NOBODY, NOBODY);
  return directory;
}

test('in a user namespace the program keeps its process id and there is no process of unshare', () => {
  const { command, args } = underIdentity({ kind: 'namespace', uid: 1000, gid: 1001 }, '/bin/x', ['-D', 'y']);
  expect([command, ...args]).toEqual(['unshare', '-U', '--map-user=1000', '--map-group=1001', '/bin/x', '-D', 'y']);
});

test.runIf(isRoot)('root runs it in a directory that only root can enter, and the files stay root’s', async () => {
  const closed = temporaryDirectory();
  const dataDir = join(closed, 'data');
  const database = await startEmbeddedPostgres({ dataDir, log });
  expect(statSync(closed).mode & 0o777).toBe(0o700);
  expect(statSync(join(dataDir, 'postgres')).uid).toBe(0);
  expect(await ask(database.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await database.stop();
});

test.runIf(nobodyReadsUs)('an ordinary user runs it directly', async () => {
  const dataDir = join(directoryOfNobody(), 'data');
  const { pid, connectionString } = await ready(startPostgresProgram(dataDir, { under: AS_NOBODY }));
  expect(uidOf(pid)).toBe(String(NOBODY));
  expect(statSync(join(dataDir, 'postgres')).uid).toBe(NOBODY);
  expect(await ask(connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test.runIf(nobodyReadsUs)('a user without a name, as containers have, runs it too', async () => {
  const directory = temporaryDirectory();
  chownSync(directory, 54_321, 54_321);
  const under = ['setpriv', '--reuid=54321', '--regid=54321', '--clear-groups'];
  const { pid, connectionString } = await ready(startPostgresProgram(join(directory, 'data'), { under }));
  expect(uidOf(pid)).toBe('54321');
  expect(await ask(connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test.runIf(nobodyReadsUs)('another user’s data is refused with both users', async () => {
  const directory = directoryOfNobody();
  const dataDir = join(directory, 'data');
  const first = startPostgresProgram(dataDir, { under: AS_NOBODY });
  await ready(first);
  first.kill('SIGTERM');
  await first.exited;
  chownSync(join(dataDir, 'postgres'), 1, 1);
  chmodSync(join(dataDir, 'postgres'), 0o755);
  const second = startPostgresProgram(dataDir, { under: AS_NOBODY });
  expect(await second.exited).toBe(1);
  expect(second.stderr()).toMatch(/belongs to user 1, and Parley runs as user 65534/);
});

test.runIf(nobodyReadsUs)('root leaves another user’s data as it is', async () => {
  const dataDir = join(directoryOfNobody(), 'data');
  const asNobody = () => startPostgresProgram(dataDir, { under: AS_NOBODY });
  const first = asNobody();
  await ready(first);
  first.kill('SIGTERM');
  await first.exited;
  await expect(startEmbeddedPostgres({ dataDir, log })).rejects.toThrow(/belongs to user 65534[\s\S]*chown -R/);
  await ready(asNobody());
});

test.runIf(isRoot)('root takes an empty directory of another user', async () => {
  const dataDir = join(temporaryDirectory(), 'data');
  mkdirSync(dataDir);
  chownSync(dataDir, NOBODY, NOBODY);
  const database = await startEmbeddedPostgres({ dataDir, log });
  expect(await ask(database.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await database.stop();
});

test.runIf(nobodyReadsUs)('what a user may not open in a data directory of its own is told', async () => {
  const dataDir = join(directoryOfNobody(), 'data');
  mkdirSync(join(dataDir, 'postgres'), { recursive: true, mode: 0o700 });
  chownSync(dataDir, NOBODY, NOBODY);
  const program = startPostgresProgram(dataDir, { under: AS_NOBODY });
  expect(await program.exited).toBe(1);
  expect(program.stderr()).toMatch(/^Something in the data directory .*: EACCES.*postgres.*\n.*chown -R/);
});

test.runIf(isRoot)('root without user namespaces runs it as a user without rights', async () => {
  const open = temporaryDirectory();
  chmodSync(open, 0o755);
  const dataDir = join(open, 'data');
  const { pid, connectionString } = await ready(startPostgresProgram(dataDir, { env: WITHOUT_UNSHARE }));
  expect(uidOf(pid)).not.toBe('0');
  expect(String(statSync(join(dataDir, 'postgres')).uid)).toBe(uidOf(pid));
  expect(statSync(dataDir).mode & 0o777).toBe(0o710); // its group passes through; nobody looks
  expect(await ask(connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test.runIf(isRoot)('where that user cannot enter, the cluster lies elsewhere and is linked', async () => {
  const closed = temporaryDirectory();
  const dataDir = join(closed, 'data');
  mkdirSync(dataDir);
  const program = startPostgresProgram(dataDir, { env: WITHOUT_UNSHARE });
  const { pid, connectionString } = await ready(program);
  const elsewhere = dirname(realpathSync(join(dataDir, 'postgres')));
  onTestFinished(() => rmSync(elsewhere, { recursive: true, force: true }));
  expect(lstatSync(join(dataDir, 'postgres')).isSymbolicLink()).toBe(true);
  expect(uidOf(pid)).not.toBe('0');
  await ask(connectionString, 'CREATE TABLE kept (n integer)', 'INSERT INTO kept VALUES (7)');
  program.kill('SIGTERM');
  await program.exited;
  expect(existsSync(join(elsewhere, 'postgres/PG_VERSION'))).toBe(true);

  // Namespaces are allowed again: the same data, given back to root.
  const database = await startEmbeddedPostgres({ dataDir, log });
  expect(await ask(database.connectionString, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  expect(statSync(join(elsewhere, 'postgres')).uid).toBe(0);
  await database.stop();

  const again = await ready(startPostgresProgram(dataDir, { env: WITHOUT_UNSHARE }));
  expect(await ask(again.connectionString, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
});

test.runIf(nobodyReadsUs)(
  'the Windows way, by pg_ctl and TCP with a password, starts, ends and ends with us',
  async () => {
    const directory = directoryOfNobody();
    const dataDir = join(directory, 'data');
    const run = { under: AS_NOBODY, args: ['--way', 'windows'] };
    const first = startPostgresProgram(dataDir, run);
    const { connectionString } = await ready(first);
    expect(connectionString).toMatch(/^postgresql:\/\/parley:[0-9a-f]{48}@127\.0\.0\.1:\d+\/parley$/);
    await ask(connectionString, 'CREATE TABLE kept (n integer)', 'INSERT INTO kept VALUES (7)');
    await expect(ask(connectionString.replace(/:[0-9a-f]{48}@/, ':wrong@'), 'SELECT 1')).rejects.toThrow('password');
    first.kill('SIGTERM');
    expect(await first.exited).toBe(0);
    const second = startPostgresProgram(dataDir, run);
    const { pid } = await ready(second);
    second.kill('SIGKILL');
    await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 5_000 }).toBe(false);
    const third = await ready(startPostgresProgram(dataDir, run));
    expect(await ask(third.connectionString, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  },
);
