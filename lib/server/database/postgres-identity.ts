import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import { BootError } from '@/lib/server/boot/boot-error';
import { childEnvironment } from '@/lib/server/env';

const run = promisify(execFile);

/**
 * As whom PostgreSQL runs. It refuses root, and initdb refuses a user that has no name.
 * `same`: as we are. `namespace`: as we are, but in a user namespace in which we are called `uid`; files stay ours.
 * `other`: as that user, for whom files and paths must be made reachable.
 */
export type PostgresIdentity =
  | { kind: 'same' }
  | { kind: 'namespace'; uid: number; gid: number }
  | { kind: 'other'; uid: number; gid: number };

export type Command = { command: string; args: string[]; uid?: number; gid?: number };

/** @throws BootError when there is no way to run PostgreSQL as anything but root or a nameless user. */
export async function choosePostgresIdentity(): Promise<PostgresIdentity> {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && hasName()) return { kind: 'same' };
  const users = readUsers();
  const mapped = users.find(({ uid }) => uid === 1000) ?? users.find(({ name }) => name === 'nobody') ?? users[0];
  if (mapped && (await mayUnshare(mapped))) return { kind: 'namespace', uid: mapped.uid, gid: mapped.gid };
  const other = ['postgres', '_postgres', 'nobody'].flatMap((name) => users.filter((user) => user.name === name))[0];
  if (isRoot && other) return { kind: 'other', uid: other.uid, gid: other.gid };
  throw new BootError(
    [
      `The built-in PostgreSQL cannot run as ${isRoot ? 'root' : `user ${process.getuid?.()}, who has no name`} here.`,
      'Start Parley as an ordinary user, or set DATABASE_URL to a PostgreSQL 14 or newer of your own.',
    ].join('\n'),
  );
}

/** How to start a program under that identity. The process that starts becomes the program: its id stays the same. */
export function underIdentity(identity: PostgresIdentity, command: string, args: string[]): Command {
  if (identity.kind === 'same') return { command, args };
  if (identity.kind === 'other') return { command, args, uid: identity.uid, gid: identity.gid };
  const { uid, gid } = identity;
  return { command: 'unshare', args: ['-U', `--map-user=${uid}`, `--map-group=${gid}`, command, ...args] };
}

/** Who owns the files of a PostgreSQL that runs under that identity; null on Windows. */
export function fileOwnerOf(identity: PostgresIdentity): { uid: number; gid: number } | null {
  if (identity.kind === 'other') return { uid: identity.uid, gid: identity.gid };
  const [uid, gid] = [process.getuid?.(), process.getgid?.()];
  return uid === undefined || gid === undefined ? null : { uid, gid };
}

function hasName(): boolean {
  if (process.platform === 'win32') return true;
  try {
    return userInfo().username !== '';
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return false; // uv_os_get_passwd: no entry for our uid, as in a container started with --user
  }
}

/** Needs no privilege of its own where the kernel allows user namespaces; containers often forbid them. */
async function mayUnshare({ uid, gid }: { uid: number; gid: number }): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const { command, args } = underIdentity({ kind: 'namespace', uid, gid }, '/bin/sh', ['-c', 'exit 0']);
  try {
    await run(command, args, { env: childEnvironment() });
    return true;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return false; // forbidden, or no unshare that knows --map-user: both mean another way
  }
}

function readUsers(): { name: string; uid: number; gid: number }[] {
  if (process.platform === 'win32') return [];
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid = '', gid = '']) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ name, uid, gid }) => name !== '' && uid > 0 && gid > 0);
}
