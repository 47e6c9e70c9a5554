import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { generatePrisma } from '@/lib/server/boot/generate-prisma';
import { projectRoot } from '@/lib/server/boot/project-root';
import { startEmbeddedPostgres } from '@/lib/server/database/embedded-postgres';
import { migrate } from '@/lib/server/database/migrate';
import { createPool } from '@/lib/server/database/pool';
import { createLog } from '@/lib/server/log';
import { TEMPLATE } from './test-template';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the test run's PostgreSQL, on its database `postgres`. */
    postgres: string;
  }
}

/** What the run writes lasts as long as the run: nothing is lost by a crash that mattered. */
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: 300 };

/** Starts one PostgreSQL for the whole run, with a migrated template; ends it, and removes it, after the last test. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await generatePrisma(projectRoot());
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-test-'));
  const log = createLog({ logLevel: 'warn' });
  const postgres = await startEmbeddedPostgres({ dataDir, log, settings: FAST });
  try {
    await makeTemplate(postgres.connectionString);
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  project.provide('postgres', withDatabase(postgres.connectionString, 'postgres'));
  return async () => {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}

async function makeTemplate(connectionString: string): Promise<void> {
  const log = createLog({ logLevel: 'warn' });
  const admin = createPool(connectionString, log, 1);
  await admin.query(`CREATE DATABASE ${TEMPLATE}`);
  await admin.end();
  const pool = createPool(withDatabase(connectionString, TEMPLATE), log, 1);
  await migrate(pool);
  await pool.end();
}

function withDatabase(connectionString: string, name: string): string {
  const url = new URL(connectionString);
  url.pathname = `/${name}`;
  return url.href;
}
