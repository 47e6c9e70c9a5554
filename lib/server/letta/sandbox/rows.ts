import type { Pool, PoolClient } from 'pg';
import type { z } from 'zod';

/** Anything that takes a statement: the pool, or the connection of a transaction. */
export type Queryable = Pool | PoolClient;

/** Runs a statement and parses each row; the schema names the columns that are used. */
export async function rows<Row>(db: Queryable, schema: z.ZodType<Row>, sql: string, values: unknown[]): Promise<Row[]> {
  const result = await db.query(sql, values);
  return result.rows.map((row) => {
    const parsed = schema.safeParse(row);
    // Not a ZodError: that would be answered as the caller's mistake.
    if (!parsed.success) throw new Error('a row of the sandbox does not fit its schema', { cause: parsed.error });
    return parsed.data;
  });
}

/** As `rows`, for a statement that gives at most one. */
export async function maybeRow<Row>(
  db: Queryable,
  schema: z.ZodType<Row>,
  sql: string,
  values: unknown[],
): Promise<Row | null> {
  const found = await rows(db, schema, sql, values);
  return found[0] ?? null;
}
