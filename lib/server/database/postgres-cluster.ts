import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { chownSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { lchown, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { BootError } from '@/lib/server/boot/boot-error';
import { errorCode } from '@/lib/server/boot/error-code';
import { childEnvironment } from '@/lib/server/env';
import type { PostgresBinaries } from './postgres-binaries';
import type { PostgresIdentity } from './postgres-identity';
import { fileOwnerOf, underIdentity } from './postgres-identity';

const run = promisify(execFile);

/**
 * `passwordFile` is where the password for loopback TCP is kept; null where only the Unix socket is used. `onMaking` is
 * called when a new one is being made by a process of its own, which takes half a second.
 */
export type Cluster = { directory: string; passwordFile: string | null; onMaking?: () => void };

/**
 * Makes sure that `directory` holds a cluster of our major version that `identity` may use, and makes one if it holds
 * nothing. Call it holding the data directory's lock and with no PostgreSQL running on it.
 * INVARIANT: a cluster that has its name is whole. It is initialised beside it and renamed, so a death at any moment
 * leaves a directory that the next start removes.
 */
export async function prepareCluster(
  cluster: Cluster,
  binaries: PostgresBinaries,
  identity: PostgresIdentity,
): Promise<void> {
  await removeHalfMade(cluster.directory);
  if (!isEmpty(await listOrNothing(cluster.directory))) {
    checkVersion(cluster.directory, binaries.major);
    await takeOwnership(cluster.directory, identity);
    return;
  }
  const beside = `${cluster.directory}.making-${randomUUID()}`;
  await initialise({ ...cluster, directory: beside }, binaries, identity);
  await rename(beside, cluster.directory);
  await syncDirectory(dirname(cluster.directory));
}

async function initialise(
  { directory, passwordFile, onMaking }: Cluster,
  binaries: PostgresBinaries,
  identity: PostgresIdentity,
): Promise<void> {
  await mkdir(directory, { mode: 0o700 });
  const owner = fileOwnerOf(identity);
  if (owner && identity.kind === 'other') chownSync(directory, owner.uid, owner.gid);
  if (passwordFile && !existsSync(passwordFile)) {
    writeFileSync(passwordFile, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 });
  }
  const access = passwordFile
    ? ['--auth-local=reject', '--auth-host=scram-sha-256', `--pwfile=${passwordFile}`]
    : ['--auth-local=trust', '--auth-host=reject'];
  const shape = ['--username=parley', '--locale=C', '--encoding=UTF8', '--data-checksums', '--no-instructions'];
  const { command, args, ...user } = underIdentity(identity, binaries.initdb, ['-D', directory, ...shape, ...access]);
  try {
    const making = run(command, args, { ...user, cwd: '/', env: childEnvironment({ LC_ALL: 'C', TZ: 'UTC' }) });
    onMaking?.();
    await making;
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    const said = error instanceof Error ? error.message : String(error);
    throw new BootError(`The database could not be made in ${directory}:\n${said.trim()}`, { cause: error });
  }
}

/** A killed start's initdb may still be writing there: what cannot be removed now is removed at the next start. */
async function removeHalfMade(directory: string): Promise<void> {
  const parent = dirname(directory);
  const names = (await listOrNothing(parent)).filter((name) => name.startsWith(`${basename(directory)}.making-`));
  for (const name of names) {
    try {
      await rm(join(parent, name), { recursive: true, force: true, maxRetries: 3 });
    } catch (error) {
      if (errorCode(error) !== 'ENOTEMPTY') throw error;
    }
  }
}

function checkVersion(directory: string, ours: number): void {
  const file = join(directory, 'PG_VERSION');
  if (!existsSync(file)) {
    throw new BootError(
      [
        `${directory} is not empty and holds no PostgreSQL data.`,
        'Move what is in it elsewhere, or set PARLEY_DATA_DIR to another directory.',
      ].join('\n'),
    );
  }
  const theirs = readFileSync(file, 'utf8').trim();
  if (theirs === String(ours)) return;
  throw new BootError(
    [
      `The database in ${directory} was written by PostgreSQL ${theirs}; this Parley brings PostgreSQL ${ours}.`,
      'Start the Parley that wrote it and carry its database over with pg_dump to a PostgreSQL that DATABASE_URL names,',
      'or set PARLEY_DATA_DIR to another directory and begin anew.',
    ].join('\n'),
  );
}

/**
 * Files must belong to whom PostgreSQL runs as. Root gives them over, when the way to run changed since they were made.
 * The directory itself comes last, so that a start killed half way does it again.
 */
async function takeOwnership(directory: string, identity: PostgresIdentity): Promise<void> {
  const owner = fileOwnerOf(identity);
  const now = statSync(directory);
  if (!owner || now.uid === owner.uid) return;
  if (process.getuid?.() !== 0) {
    throw new BootError(
      [
        `The database in ${directory} belongs to user ${now.uid}, and Parley runs as user ${owner.uid}.`,
        `Start Parley as user ${now.uid}, or have root give the data directory to user ${owner.uid} (chown -R).`,
      ].join('\n'),
    );
  }
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const entry of entries) await lchown(join(entry.parentPath, entry.name), owner.uid, owner.gid);
  chownSync(directory, owner.uid, owner.gid);
}

async function listOrNothing(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

const isEmpty = (names: string[]) => names.length === 0;

async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return; // a directory cannot be opened there
  const handle = await open(directory, 'r');
  await handle.sync();
  await handle.close();
}
