import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  mkdirSync,
  readlinkSync,
  realpathSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { BootError } from '@/lib/server/boot/boot-error';
import { errorCode } from '@/lib/server/boot/error-code';
import { childEnvironment } from '@/lib/server/env';
import type { PostgresIdentity } from './postgres-identity';
import { fileOwnerOf, underIdentity } from './postgres-identity';

const ELSEWHERE = '/var/lib/parley';

/**
 * Makes the data directory, open to its owner alone, and resolves with its real path.
 * @throws BootError when it cannot be made or written.
 */
export function makeDataDirectory(dataDir: string): string {
  try {
    makeDirectories(dataDir);
    chmodSync(dataDir, 0o700);
    accessSync(dataDir, constants.W_OK | constants.X_OK);
    return realpathSync(dataDir);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new BootError(
      `The data directory ${dataDir} cannot be used: ${said}\nSet PARLEY_DATA_DIR to a directory that Parley may write.`,
      { cause: error },
    );
  }
}

/** HAZARD: mkdir with `recursive` never returns below /proc, whose directories answer it with ENOENT although they are there. */
function makeDirectories(directory: string): void {
  const isThere = () => statSync(directory, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (isThere()) return;
  const above = dirname(directory);
  if (above !== directory) makeDirectories(above);
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST' || !isThere()) throw error; // another process may have been faster
  }
}

/**
 * The directory that holds the cluster (`postgres`) and its socket: the data directory, unless PostgreSQL had to run
 * as another user who cannot get there. Then it is one of the data directory's own under /var/lib/parley, and
 * `postgres` in the data directory is a link to the cluster there.
 */
export function openPostgresHome(dataDir: string, identity: PostgresIdentity): string {
  const linked = linkedHome(dataDir);
  if (linked) return giveHome(linked, identity);
  if (identity.kind === 'same') return dataDir;
  const cluster = join(dataDir, 'postgres');
  const isMade = statSync(cluster, { throwIfNoEntry: false }) !== undefined;
  if (identity.kind === 'namespace') takeDirectory(dataDir, isMade);
  else {
    chownSync(dataDir, 0, identity.gid);
    chmodSync(dataDir, 0o710); // that one group may pass through; nobody else may even look
  }
  if (mayEnter(dataDir, identity)) return dataDir;
  if (isMade) {
    throw new BootError(
      [
        `The database in ${cluster} cannot be reached by user ${fileOwnerOf(identity)?.uid}, as whom PostgreSQL must run here.`,
        'Move the data directory to where every user may enter, and name that place with PARLEY_DATA_DIR.',
      ].join('\n'),
    );
  }
  const home = join(ELSEWHERE, createHash('sha256').update(dataDir).digest('hex').slice(0, 16));
  mkdirSync(ELSEWHERE, { recursive: true, mode: 0o711 });
  mkdirSync(home, { recursive: true, mode: 0o700 });
  symlinkSync(join(home, 'postgres'), cluster);
  return giveHome(home, identity);
}

/** In a namespace root enters only what is its own. Data that somebody else has made stays theirs. */
function takeDirectory(dataDir: string, isMade: boolean): void {
  const [ours, { uid: theirs }] = [process.getuid?.() ?? 0, statSync(dataDir)];
  if (theirs !== ours && isMade) {
    throw new BootError(
      [
        `The data directory ${dataDir} belongs to user ${theirs}, and Parley runs as user ${ours}.`,
        `Start Parley as user ${theirs}, or give all of it to user ${ours} (chown -R).`,
      ].join('\n'),
    );
  }
  if (theirs !== ours) chownSync(dataDir, ours, process.getgid?.() ?? 0);
}

function giveHome(home: string, identity: PostgresIdentity): string {
  const owner = fileOwnerOf(identity);
  if (owner && process.getuid?.() === 0) chownSync(home, owner.uid, owner.gid);
  return home;
}

function linkedHome(dataDir: string): string | null {
  try {
    return dirname(readlinkSync(join(dataDir, 'postgres')));
  } catch (error) {
    if (['ENOENT', 'EINVAL', 'UNKNOWN'].includes(errorCode(error) ?? '')) return null; // EINVAL: not a link
    throw error;
  }
}

function mayEnter(directory: string, identity: PostgresIdentity): boolean {
  const { command, args, ...user } = underIdentity(identity, '/bin/sh', ['-c', 'cd "$1"', 'sh', directory]);
  try {
    execFileSync(command, args, { ...user, cwd: '/', env: childEnvironment(), stdio: 'ignore' });
    return true;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return false;
  }
}
