import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { BootError } from '@/lib/server/boot/boot-error';
import { errorCode } from '@/lib/server/boot/error-code';
import type { Log } from '@/lib/server/log';
import { lockDataDirectory } from './data-directory-lock';
import type { Launch, PostgresWay } from './launch-postgres';
import type { PostgresAddress } from './postgres-address';
import { connectionStringOf, freePort, prepareSocketAddress, removeShortDirectory } from './postgres-address';
import { findBinaryPackage, prepareBinaries } from './postgres-binaries';
import { prepareCluster } from './postgres-cluster';
import { makeDataDirectory, openPostgresHome } from './postgres-home';
import type { PostgresIdentity } from './postgres-identity';
import { choosePostgresIdentity, fileOwnerOf } from './postgres-identity';
import { rotatePostgresLog } from './postgres-log';
import { startPostgresServer, stopPostgresServer } from './postgres-server';
import type { PostgresSettings } from './postgres-settings';
import { writePostgresSettings } from './postgres-settings';
import { supervisePostgres } from './postgres-supervision';
import { awaitPredecessor } from './predecessor';

/** The database in it that is Parley's. */
export const EMBEDDED_DATABASE = 'parley';

/** `pid` is that of PostgreSQL's first process, and changes when it had to be started again. */
export type EmbeddedPostgres = { readonly connectionString: string; readonly pid: number; stop(): Promise<void> };

export type EmbeddedPostgresOptions = {
  dataDir: string;
  log: Log;
  /** PostgreSQL settings that win over ours; test runs give up durability with them. */
  settings?: PostgresSettings;
  /** The package with the programs, if not the installed one of this platform. */
  packageDir?: string;
  way?: PostgresWay;
  /** Called, once or twice, when a process of PostgreSQL's is at work and there is nothing to do here until it is done. */
  onBusy?: () => void;
};

/** In the data directory, whatever else may lie elsewhere. */
export const passwordFileOf = (dataDir: string): string => join(dataDir, 'postgres.password');

/**
 * Starts Parley's own PostgreSQL on a data directory, which it makes and locks, and keeps it running until `stop`.
 * It ends with this process, even when this process is killed. The connection string stays the same across restarts.
 * @throws BootError when the platform has no binaries, another Parley or another major version has the directory, or
 * PostgreSQL does not come up.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  try {
    return await startOn(options);
  } catch (error) {
    const why = REFUSED[errorCode(error) ?? ''];
    if (!why || !(error instanceof Error)) throw error;
    throw new BootError(why(options.dataDir, error.message), { cause: error });
  }
}

const full = (dataDir: string) =>
  `The disk under the data directory ${dataDir} is full. Make room there, or set PARLEY_DATA_DIR to another.`;
const foreign = (dataDir: string, said: string) =>
  [
    `Something in the data directory ${dataDir} belongs to another user: ${said}`,
    'Have root give all of it to this user (chown -R), or set PARLEY_DATA_DIR to another directory.',
  ].join('\n');

/** By the code of a system error, what to say of it. */
const REFUSED: Readonly<Record<string, (dataDir: string, said: string) => string>> = {
  ENOSPC: full,
  EDQUOT: full,
  EACCES: foreign,
  EPERM: foreign,
};

async function startOn(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log, settings = {}, onBusy = () => undefined } = options;
  const packageDir = options.packageDir ?? findBinaryPackage();
  const way = options.way ?? (process.platform === 'win32' ? 'windows' : 'posix');
  const dataDir = makeDataDirectory(options.dataDir);
  const release = await lockDataDirectory(dataDir);
  try {
    const identity = await choosePostgresIdentity();
    const home = openPostgresHome(dataDir, identity);
    const binaries = await prepareBinaries(packageDir, home, identity);
    const clusterDir = join(home, 'postgres');
    await awaitPredecessor(clusterDir, log);
    const passwordFile = way === 'windows' ? passwordFileOf(dataDir) : null;
    await prepareCluster({ directory: clusterDir, passwordFile, onMaking: onBusy }, binaries, identity);
    const address = await prepareAddress(home, identity, passwordFile);
    writePostgresSettings(clusterDir, address, settings);
    const giveBack = () => {
      removeShortDirectory(home, address);
      release();
    };
    const launch: Launch = { binaries, identity, clusterDir, logPath: join(dataDir, 'postgres.log'), way };
    rotatePostgresLog(launch.logPath);
    return await startAndSupervise(launch, address, { giveBack, onBusy }, log);
  } catch (error) {
    release();
    throw error;
  }
}

async function startAndSupervise(
  launch: Launch,
  address: PostgresAddress,
  { giveBack, onBusy }: { giveBack: () => void; onBusy: () => void },
  log: Log,
): Promise<EmbeddedPostgres> {
  const starting = startPostgresServer(launch, log);
  onBusy();
  const server = await starting;
  try {
    await ensureDatabase(address);
  } catch (error) {
    await stopPostgresServer(server, log);
    throw error;
  }
  const supervised = supervisePostgres(server, launch, log);
  return {
    connectionString: connectionStringOf(address, EMBEDDED_DATABASE),
    get pid() {
      return supervised.pid();
    },
    async stop() {
      await supervised.stop();
      giveBack();
    },
  };
}

async function prepareAddress(
  home: string,
  identity: PostgresIdentity,
  passwordFile: string | null,
): Promise<PostgresAddress> {
  if (!passwordFile) return prepareSocketAddress(home, fileOwnerOf(identity));
  return { kind: 'tcp', port: await freePort(), password: readFileSync(passwordFile, 'utf8').trim() };
}

/** initdb makes only `postgres`; ours is made at the first start, or at the second if the first was killed here. */
async function ensureDatabase(address: PostgresAddress): Promise<void> {
  const client = new pg.Client({
    connectionString: connectionStringOf(address, 'postgres'),
    connectionTimeoutMillis: 10_000,
  });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [EMBEDDED_DATABASE]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${EMBEDDED_DATABASE}`);
  } finally {
    await client.end();
  }
}
