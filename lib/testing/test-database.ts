import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import type { Database } from '@/lib/server/database/database';
import { createPool } from '@/lib/server/database/pool';
import { createPrisma } from '@/lib/server/database/prisma';
import { createLog } from '@/lib/server/log';
import { TEMPLATE } from './test-template';

/** A Database of its own for a test file; `drop` ends its connections, lent out or not, and removes it. */
export type TestDatabase = Database & { drop(): Promise<void> };

/**
 * A fresh, migrated, empty database on the test run's PostgreSQL. About 30 ms. `poolSize` defaults to 10 connections.
 * `stop` closes it and leaves it there, so that a test can open it again by its `connectionString`.
 */
export async function createTestDatabase(poolSize = 10): Promise<TestDatabase> {
  const log = createLog({ logLevel: 'silent' });
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const administer = async (sql: string) => {
    const admin = createPool(inject('postgres'), log, 1);
    await admin.query(sql);
    await admin.end();
  };
  await administer(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} STRATEGY file_copy`);
  const url = new URL(inject('postgres'));
  url.pathname = `/${name}`;
  const pool = createPool(url.href, log, poolSize);
  const prisma = createPrisma(pool);
  let stopped: Promise<void> | null = null;
  const stop = () => {
    stopped ??= prisma.$disconnect().then(() => pool.end());
    return stopped;
  };
  return {
    pool,
    prisma,
    connectionString: url.href,
    embedded: true,
    stop,
    async drop() {
      await administer(`DROP DATABASE ${name} WITH (FORCE)`);
      await stop();
    },
  };
}
