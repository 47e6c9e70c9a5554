import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool } from 'pg';
import { PrismaClient } from './generated/client';

export type { PrismaClient } from './generated/client';

/**
 * The one door to Prisma: a client on the connections of `pool`, which stays the caller's to end. Prisma reads rows
 * with parsers of its own, so `bigint` columns are BigInt here, whatever the pool makes of them.
 * HAZARD: Prisma names the schema of a table in every query, and does not ask for the connection's search_path.
 */
export const createPrisma = (pool: Pool, schema = 'public'): PrismaClient =>
  new PrismaClient({ adapter: new PrismaPg(pool, { schema }) });
