import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPrismaSchema, type TableFacts } from '@/lib/testing/prisma-schema';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database';
import { projectRoot } from '../boot/project-root';
import type { Queryable } from '../ledger/command';

/** What Prisma's schema language cannot say; each is explained where it is made. */
const BEYOND_PRISMA = [
  "index conversation_open_idx (workspace_id, server) WHERE (phase <> 'stopped'::text)",
  "index draft_ended_idx (workspace_id, created_at, id) WHERE (status <> 'pending'::text)",
  "index draft_open_idx (workspace_id, server) WHERE ((status = 'pending'::text) OR (dispatch = ANY (ARRAY['undoable'::text, 'dispatching'::text])))",
  'index entry_received_at_brin USING brin (received_at)',
  'index seat_followed_idx (workspace_id, server) WHERE (taken OR gated)',
  "index turn_open_idx (workspace_id, server, agent_id, thread_key, position) WHERE (state <> 'ended'::text)",
  'unique index seat_taken_key (workspace_id, server, agent_id, thread_key) WHERE taken',
  "unique index turn_started_key (workspace_id, server, agent_id, thread_key) WHERE (state = 'started'::text)",
];
const schema = readPrismaSchema(readFileSync(join(projectRoot(), 'prisma/schema.prisma'), 'utf8'));

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(1);
});
afterAll(() => database.drop());

const COLUMNS = `
  SELECT c.relname AS "table", 'column ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
    || CASE WHEN a.attnotnull THEN ' not null' ELSE ' null' END
    || CASE WHEN a.atthasdef THEN ' default ' || pg_get_expr(d.adbin, d.adrelid) ELSE '' END AS fact
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')`;
const INDEXES = `
  SELECT c.relname AS "table", CASE WHEN x.indisprimary
      THEN 'primary key ' || substring(pg_get_indexdef(x.indexrelid) FROM ' btree (.*)$')
      ELSE CASE WHEN x.indisunique THEN 'unique ' ELSE '' END || 'index ' || i.relname || ' '
        || replace(substring(pg_get_indexdef(x.indexrelid) FROM '(USING .*)$'), 'USING btree ', '') END AS fact
  FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')`;
const CONSTRAINTS = `
  SELECT c.relname AS "table", CASE k.contype WHEN 'f' THEN 'foreign key ' || k.conname || ' '
      || replace(pg_get_constraintdef(k.oid), 'FOREIGN KEY ', '') ELSE 'constraint ' || pg_get_constraintdef(k.oid) END AS fact
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
  WHERE c.relnamespace = 'public'::regnamespace AND k.contype NOT IN ('p', 'u', 'n')`;

/** What the database says of its own tables, in the words of readPrismaSchema. */
async function readCatalog(db: Queryable): Promise<TableFacts> {
  const { rows } = await db.query<{ table: string; fact: string }>(
    `SELECT * FROM (${COLUMNS} UNION ALL ${INDEXES} UNION ALL ${CONSTRAINTS}) AS told WHERE "table" <> '_prisma_migrations'`,
  );
  const tables: TableFacts = new Map();
  // PostgreSQL quotes the names that are words of SQL, such as "position".
  for (const { table, fact } of rows) tables.set(table, (tables.get(table) ?? new Set()).add(fact.replaceAll('"', '')));
  return tables;
}

/** Facts of one side that the other lacks, as `+ table: fact` where only the database has it. */
function differences(wanted: TableFacts, found: TableFacts): string[] {
  const lines = (tables: TableFacts) =>
    [...tables].flatMap(([table, facts]) => [...facts].map((fact) => `${table}: ${fact}`));
  const [left, right] = [new Set(lines(wanted)), new Set(lines(found))];
  const beyond = [...right].filter((line) => !BEYOND_PRISMA.some((fact) => line.endsWith(`: ${fact}`)));
  return [
    ...[...left].filter((line) => !right.has(line)).map((line) => `- ${line}`),
    ...beyond.filter((line) => !left.has(line)).map((line) => `+ ${line}`),
  ].sort();
}

test('[DB1] the migrations make what the schema says: tables, columns, types, nullability, keys and indexes', async () => {
  const found = await readCatalog(database.pool);
  expect(found.size).toBeGreaterThan(20);
  expect(differences(schema, found)).toEqual([]);
  const facts = [...found.values()].flatMap((each) => [...each]);
  expect(BEYOND_PRISMA.filter((fact) => !facts.includes(fact))).toEqual([]);
});

test.each([
  ['ALTER TABLE person ADD COLUMN nick text', '+ person: column nick text null'],
  ['ALTER TABLE person ALTER COLUMN name DROP NOT NULL', '+ person: column name text null'],
  ['ALTER TABLE turn ALTER COLUMN position TYPE integer', '+ turn: column position integer not null'],
  [
    "ALTER TABLE person ALTER COLUMN role SET DEFAULT 'viewer'",
    "+ person: column role text not null default 'viewer'::text",
  ],
  [
    'DROP INDEX person_workspace_id_name_key_key',
    '- person: unique index person_workspace_id_name_key_key (workspace_id, name_key)',
  ],
  ['CREATE INDEX extra ON person (role DESC)', '+ person: index extra (role DESC)'],
  ['ALTER TABLE gate DROP CONSTRAINT gate_pkey', '- gate: primary key (workspace_id, server, agent_id, tool)'],
  ['CREATE TABLE extra (workspace_id uuid)', '+ extra: column workspace_id uuid null'],
  ['ALTER TABLE auth_passkey DROP CONSTRAINT auth_passkey_user_id_fkey', '- auth_passkey: foreign key'],
])('[DB1] the comparison sees %s', async (sql, difference) => {
  const client = await database.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(sql);
    const found = await readCatalog(client);
    expect(differences(schema, found).join('\n')).toContain(difference);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
});

test('[DB2] the primary key of every table of ours begins with workspace_id', async () => {
  const { rows } = await database.pool.query<{ name: string; first: string | null }>(
    `SELECT c.oid::regclass::text AS name, (SELECT a.attname FROM pg_index x JOIN pg_attribute a
       ON a.attrelid = c.oid AND a.attnum = x.indkey[0] WHERE x.indrelid = c.oid AND x.indisprimary) AS first
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('public', 'sandbox')
       AND c.relname <> '_prisma_migrations' AND c.relname NOT LIKE 'auth\\_%'`,
  );
  expect(rows.length).toBeGreaterThan(25);
  expect(rows.filter((row) => row.first !== 'workspace_id')).toEqual([]);
});
