import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Env } from '@/lib/server/env';
import type { Log } from '@/lib/server/log';
import { startEmbeddedPostgres } from './embedded-postgres';
import { checkExternalPostgres, describeAddress } from './external-postgres';
import { createPool } from './pool';
import type { PrismaClient } from './prisma';
import { findRunningPostgres } from './running-postgres';

const EXTERNAL_PATIENCE_MS = 30_000;
const LENT_OUT_PATIENCE_MS = 5_000;

/**
 * The database of a Parley: one pool, and Prisma on it. `stop` waits up to 5 s for connections that are lent out,
 * closes them all and ends the embedded PostgreSQL where this process started it.
 */
export type Database = {
  readonly pool: Pool;
  readonly prisma: PrismaClient;
  readonly connectionString: string;
  readonly embedded: boolean;
  stop(): Promise<void>;
};

type Options = {
  env: Pick<Env, 'databaseUrl' | 'dataDir'>;
  log: Log;
  /** Called when there is nothing to do here for a while: the time for what would keep this process busy. */
  onBusy?: () => void;
};

/**
 * Opens the database that DATABASE_URL names, waiting up to 30 s for it, or starts the embedded one. Does not migrate.
 * @throws BootError when there is no usable database, in words for the person who started Parley.
 */
export async function openDatabase({ env, log, onBusy = () => undefined }: Options): Promise<Database> {
  if (env.databaseUrl) {
    const opening = openExternal(env.databaseUrl, EXTERNAL_PATIENCE_MS, log);
    onBusy();
    return opening;
  }
  const whileBusy = () => {
    loadPrisma().catch(() => undefined); // told below, where it is wanted
    onBusy();
  };
  const embedded = await startEmbeddedPostgres({ dataDir: env.dataDir, log, onBusy: whileBusy });
  return onPool(embedded.connectionString, createPool(embedded.connectionString, log), { stopServer: embedded.stop });
}

/**
 * The same for a command beside the server: uses the embedded PostgreSQL of a Parley that is running, and starts it for
 * the time of the command when none is.
 */
export async function openDatabaseForCommand({ env, log }: Options): Promise<Database> {
  if (env.databaseUrl) return openExternal(env.databaseUrl, 0, log);
  const running = findRunningPostgres(env.dataDir);
  if (!running) return openDatabase({ env, log });
  return onPool(running.connectionString, createPool(running.connectionString, log));
}

async function openExternal(connectionString: string, patienceMs: number, log: Log): Promise<Database> {
  const pool = createPool(connectionString, log);
  try {
    const { schema } = await checkExternalPostgres(pool, describeAddress(connectionString), patienceMs, log);
    return await onPool(connectionString, pool, { embedded: false, schema });
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/** Not with this file: PostgreSQL is at work before Prisma is loaded. */
const loadPrisma = () => import('./prisma');

async function onPool(
  connectionString: string,
  pool: Pool,
  {
    embedded = true,
    schema,
    stopServer,
  }: { embedded?: boolean; schema?: string; stopServer?: () => Promise<void> } = {},
): Promise<Database> {
  const { createPrisma } = await loadPrisma();
  const prisma = createPrisma(pool, schema);
  let stopped: Promise<void> | null = null;
  const stop = async () => {
    await prisma.$disconnect();
    await Promise.race([pool.end(), delay(LENT_OUT_PATIENCE_MS, undefined, { ref: false })]);
    await stopServer?.();
  };
  return {
    pool,
    prisma,
    connectionString,
    embedded,
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}
