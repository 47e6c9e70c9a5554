import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool } from 'pg';
import { PrismaClient } from './generated/client';

export type { PrismaClient } from './generated/client';

/**
 * The one door to Prisma: a client on the connections of `pool`, which stays the caller's to end. Prisma reads rows
 * with parsers of its own, so `bigint` columns are BigInt here, whatever the pool makes of them.
 */
export const createPrisma = (pool: Pool): PrismaClient => new PrismaClient({ adapter: new PrismaPg(pool) });
