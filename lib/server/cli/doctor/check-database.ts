import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findDataDirectoryHolder } from '@/lib/server/database/data-directory-lock';
import { checkExternalPostgres, describeAddress } from '@/lib/server/database/external-postgres';
import { readMigrationState } from '@/lib/server/database/migrate';
import { createPool } from '@/lib/server/database/pool';
import { findRunningPostgres } from '@/lib/server/database/running-postgres';
import type { Env } from '@/lib/server/env';
import type { Log } from '@/lib/server/log';
import type { Finding } from './finding';
import { brokenBy } from './finding';

const ABOUT = 'Database';

/** Where the database can be reached now, or what there is to say instead. Starts nothing. */
export function findDatabase(env: Pick<Env, 'databaseUrl' | 'dataDir'>): { connectionString: string } | Finding {
  if (env.databaseUrl) return { connectionString: env.databaseUrl };
  const running = findRunningPostgres(env.dataDir);
  if (running) return running;
  const holder = findDataDirectoryHolder(env.dataDir);
  if (!holder) {
    const made = existsSync(join(env.dataDir, 'postgres'));
    return { about: ABOUT, state: 'note', said: `built in; ${made ? 'runs with Parley' : 'made at the first start'}` };
  }
  return {
    about: ABOUT,
    state: 'broken',
    said: `Parley runs (process ${holder.pid}), but its PostgreSQL takes no connections`,
    todo: `Read the end of ${join(env.dataDir, 'postgres.log')}; a start after a crash can take minutes.`,
  };
}

/** Whether the database answers, is new enough, and has the migrations of this program. */
export async function checkDatabase(connectionString: string, log: Log): Promise<Finding[]> {
  const pool = createPool(connectionString, log, 1);
  const where = describeAddress(connectionString);
  try {
    const { version } = await checkExternalPostgres(pool, where, 0, log);
    const reached: Finding = { about: ABOUT, state: 'well', said: `PostgreSQL ${version} at ${where}` };
    return [reached, await checkMigrations(() => readMigrationState(pool))];
  } catch (error) {
    return [brokenBy(ABOUT, error)];
  } finally {
    await pool.end();
  }
}

async function checkMigrations(read: () => ReturnType<typeof readMigrationState>): Promise<Finding> {
  const about = 'Migrations';
  try {
    const { applied, pending } = await read();
    if (pending.length === 0) return { about, state: 'well', said: `all ${applied.length} applied` };
    return { about, state: 'note', said: `${pending.join(', ')} will be applied at the next start` };
  } catch (error) {
    return brokenBy(about, error);
  }
}
