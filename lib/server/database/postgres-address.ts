import { createHash } from 'node:crypto';
import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCode } from '@/lib/server/boot/error-code';

/** Where the embedded PostgreSQL listens: a Unix socket, or loopback TCP with a password (Windows). */
export type PostgresAddress =
  | { kind: 'socket'; directory: string; port: number }
  | { kind: 'tcp'; port: number; password: string };

const USER = 'parley';
const SOCKET_PORT = 5432; // part of the socket's file name only
/** Room for a path in `sockaddr_un`, less its closing zero. */
const SOCKET_PATH_BYTES = process.platform === 'linux' ? 107 : 103;

export const socketPath = (directory: string, port: number): string => join(directory, `.s.PGSQL.${port}`);

const fits = (directory: string) => Buffer.byteLength(socketPath(directory, SOCKET_PORT)) <= SOCKET_PATH_BYTES;

/**
 * Makes the directory of the Unix socket, open to its owner alone: whoever reaches the socket is the superuser.
 * `<base>/socket`, or where that path is too long for a socket a short one under the directory for temporary files.
 */
export function prepareSocketAddress(base: string, owner: { uid: number; gid: number } | null): PostgresAddress {
  const own = join(base, 'socket');
  const directory = fits(own) ? own : shortDirectory(base, owner);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  chmodSync(directory, 0o700);
  if (owner && process.getuid?.() === 0) chownSync(directory, owner.uid, owner.gid); // it may be a former owner's
  return { kind: 'socket', directory, port: SOCKET_PORT };
}

/** Removes what prepareSocketAddress made outside of `base`, once PostgreSQL has stopped and taken its socket away. */
export function removeShortDirectory(base: string, address: PostgresAddress): void {
  if (address.kind !== 'socket' || address.directory === join(base, 'socket')) return;
  try {
    rmdirSync(address.directory);
  } catch (error) {
    if (errorCode(error) === undefined) throw error; // not empty or gone already: the next start sees to it
  }
}

function shortDirectory(base: string, owner: { uid: number } | null): string {
  const uid = owner?.uid ?? process.getuid?.() ?? 0;
  const name = `parley-${uid}-${createHash('sha256').update(base).digest('hex').slice(0, 12)}`;
  const parent = [tmpdir(), '/tmp'].find((candidate) => fits(join(candidate, `${name}-XXXXXX`))) ?? '/tmp';
  const directory = join(parent, name);
  // HAZARD: anybody may have made that name first. Then it is not ours, and a name that nobody knew is taken.
  return isOurs(directory, uid) ? directory : mkdtempSync(`${directory}-`);
}

function isOurs(directory: string, uid: number): boolean {
  try {
    mkdirSync(directory, { mode: 0o700 });
    return true;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    const stat = lstatSync(directory);
    return stat.isDirectory() && (stat.uid === uid || stat.uid === process.getuid?.());
  }
}

/** A loopback port that is free at this moment. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address && typeof address === 'object') resolve(address.port);
        else reject(new Error('no port was given'));
      });
    });
  });

/** A `postgresql://` address that libpq and node-postgres both read. */
export function connectionStringOf(address: PostgresAddress, database: string): string {
  if (address.kind === 'tcp') {
    return `postgresql://${USER}:${encodeURIComponent(address.password)}@127.0.0.1:${address.port}/${database}`;
  }
  const query = new URLSearchParams({ host: address.directory, port: String(address.port) });
  return `postgresql://${USER}@localhost/${database}?${query}`;
}
