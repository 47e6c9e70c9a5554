import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { BootError } from '@/lib/server/boot/boot-error';
import { type Failpoint, noFailpoint } from '@/lib/server/failpoint';
import type { Migration } from './migration-files';
import { migrationsDirectory, readMigrations } from './migration-files';

/** The lock that Prisma's own `migrate deploy` takes: the two exclude each other. */
const ADVISORY_LOCK = 72_707_369;

/** Exactly the table that Prisma makes and reads (source: prisma-engines, sql-schema-connector, postgres flavour). */
const MIGRATIONS_TABLE = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id varchar(36) PRIMARY KEY NOT NULL,
    checksum varchar(64) NOT NULL,
    finished_at timestamptz,
    migration_name varchar(255) NOT NULL,
    logs text,
    rolled_back_at timestamptz,
    started_at timestamptz NOT NULL DEFAULT now(),
    applied_steps_count integer NOT NULL DEFAULT 0
  )`;

const Applied = z.object({ migration_name: z.string(), checksum: z.string(), finished: z.boolean() });
type Applied = z.infer<typeof Applied>;

/** What `migrate` did or would do: names, in order. */
export type MigrationState = { applied: string[]; pending: string[] };

/**
 * Brings the database to the state of this program: applies the migrations it lacks, in order, each in a transaction
 * together with its record, while no other instance does the same. A migration whose first line is
 * `-- parley:no-transaction` runs without one: it holds exactly one statement, which must bear being repeated, since a
 * death between it and its record runs it again.
 * Resolves with the names applied now.
 * @throws BootError when an applied migration was changed, when the database is newer than this program, or when a
 * migration fails (nothing of that one is kept then, and everything before it is).
 */
export async function migrate(
  pool: Pool,
  directory = migrationsDirectory(),
  failpoint: Failpoint = noFailpoint,
): Promise<string[]> {
  const client = await pool.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await client.query(MIGRATIONS_TABLE);
    const migrations = readMigrations(directory);
    const pending = pendingOf(migrations, await readApplied(client));
    for (const migration of pending) await apply(client, migration, failpoint);
    return pending.map(({ name }) => name);
  } finally {
    client.release(true); // closing the session gives the lock back, whatever state it is in
  }
}

/**
 * Which migrations the database has and which it lacks. Changes nothing.
 * @throws BootError as migrate does.
 */
export async function readMigrationState(pool: Pool, directory = migrationsDirectory()): Promise<MigrationState> {
  const client = await pool.connect();
  try {
    const table = await client.query(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS present`);
    const applied = table.rows[0]?.present === true ? await readApplied(client) : [];
    const migrations = readMigrations(directory);
    const pending = pendingOf(migrations, applied).map(({ name }) => name);
    return { applied: migrations.map(({ name }) => name).filter((name) => !pending.includes(name)), pending };
  } finally {
    client.release();
  }
}

async function readApplied(client: PoolClient): Promise<Applied[]> {
  const { rows } = await client.query(
    `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished
       FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at, migration_name`,
  );
  return z.array(Applied).parse(rows);
}

function pendingOf(migrations: Migration[], applied: Applied[]): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const row of applied) {
    const migration = known.get(row.migration_name);
    if (!migration) throw new BootError(describeNewer(row.migration_name));
    if (migration.checksum !== row.checksum) throw new BootError(describeChanged(row.migration_name));
    if (!row.finished && migration.transactional) throw new BootError(describeUnfinished(row.migration_name));
  }
  const finished = new Set(applied.filter((row) => row.finished).map((row) => row.migration_name));
  return migrations.filter(({ name }) => !finished.has(name));
}

const describeNewer = (name: string) =>
  [
    `The database is newer than this Parley: it has had the migration ${name}, which this version does not know.`,
    'Start the newer Parley again, or restore a copy of the database that this version made.',
  ].join('\n');

const describeChanged = (name: string) =>
  [
    `The migration ${name} is not the one that the database was made with: its file has changed since.`,
    `Put prisma/migrations/${name}/migration.sql back as it was; a change needs a migration of its own.`,
  ].join('\n');

const describeUnfinished = (name: string) =>
  [
    `The migration ${name} was begun by another tool and never finished.`,
    `Look what it left, then run \`prisma migrate resolve --rolled-back ${name}\` or \`--applied ${name}\`.`,
  ].join('\n');

async function apply(client: PoolClient, migration: Migration, failpoint: Failpoint): Promise<void> {
  try {
    if (migration.transactional) await applyInTransaction(client, migration, failpoint);
    else await applyBare(client, migration);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new BootError(`The migration ${migration.name} failed: ${said}`, { cause: error });
  }
}

async function applyInTransaction(
  client: PoolClient,
  { name, sql, checksum }: Migration,
  failpoint: Failpoint,
): Promise<void> {
  await client.query('BEGIN');
  await client.query(sql);
  await client.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
     VALUES ($1, $2, $3, clock_timestamp(), 1)`,
    [randomUUID(), checksum, name],
  );
  failpoint('migration.before_commit');
  await client.query('COMMIT');
}

async function applyBare(client: PoolClient, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('DELETE FROM _prisma_migrations WHERE migration_name = $1 AND finished_at IS NULL', [name]);
  const id = randomUUID();
  await client.query('INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)', [
    id,
    checksum,
    name,
  ]);
  await client.query(sql);
  await client.query(
    'UPDATE _prisma_migrations SET finished_at = clock_timestamp(), applied_steps_count = 1 WHERE id = $1',
    [id],
  );
}
