import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@/lib/server/database/embedded-postgres';
import { migrate } from '@/lib/server/database/migrate';
import { createPool } from '@/lib/server/database/pool';
import { createLog } from '@/lib/server/log';

/** Where the process that runs the tests keeps it; they know that process as their parent. */
const madeBy = (pid: number): string => join(tmpdir(), `parley-copied-${pid}`);

/**
 * Makes a data directory with an empty, migrated database: the programs of a test run begin on copies of it, since a
 * second of processor time for each would go into making the same. Call it once, in the process that starts the workers.
 * Resolves with what removes it.
 */
export async function makeDatabaseToCopy(): Promise<() => void> {
  const dataDir = madeBy(process.pid);
  const log = createLog({ logLevel: 'warn' });
  mkdirSync(dataDir);
  const postgres = await startEmbeddedPostgres({ dataDir, log });
  const pool = createPool(postgres.connectionString, log, 1);
  await migrate(pool);
  await pool.end();
  await postgres.stop();
  return () => rmSync(dataDir, { recursive: true, force: true });
}

/** Gives an empty data directory the database that was made for the run. Does nothing where none was made. */
export function copyDatabase(dataDir: string): void {
  const made = madeBy(process.ppid);
  if (!statSync(made, { throwIfNoEntry: false })) return;
  execFileSync('cp', ['-a', `${made}/.`, dataDir]); // with its owners: PostgreSQL may have run as another user
}
