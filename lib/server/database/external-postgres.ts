import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { z } from 'zod';
import { BootError } from '@/lib/server/boot/boot-error';
import { errorCode } from '@/lib/server/boot/error-code';
import type { Log } from '@/lib/server/log';
import { isConnectionLost } from './is-connection-lost';

const OLDEST = 14;
const PAUSE_MS = 500;

/** Not there yet, as when both are started together: refused, name unknown, starting up, shutting down; or overloaded. */
const MAY_COME = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOENT', '57P03']);

const Facts = z.object({
  version: z.coerce.number(),
  encoding: z.string(),
  role: z.string(),
  schema: z.string().nullable(),
  isReadOnly: z.boolean(),
  isNew: z.boolean(),
  mayCreate: z.boolean(),
});

const READ_FACTS = `
  SELECT current_setting('server_version_num') AS version, current_setting('server_encoding') AS encoding,
    current_user AS role,
    coalesce((SELECT nspname::text FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
               WHERE pg_class.oid = to_regclass('_prisma_migrations')), current_schema()::text) AS schema,
    current_setting('transaction_read_only') = 'on' AS "isReadOnly",
    to_regclass('_prisma_migrations') IS NULL AS "isNew",
    has_database_privilege(current_database(), 'CREATE')
      AND coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS "mayCreate"`;

/**
 * Makes sure that a PostgreSQL that somebody else runs is reached and fit, waiting up to `patienceMs` for it to come.
 * Resolves with its version, such as `16.4`, and the schema that has our tables or will have them.
 * @throws BootError that names the host and what is wrong, and never the password.
 */
export async function checkExternalPostgres(
  pool: Pool,
  where: string,
  patienceMs: number,
  log: Log,
): Promise<{ version: string; schema: string }> {
  const facts = await readFacts(pool, where, patienceMs, log);
  const { version, encoding, role, schema, isReadOnly, isNew, mayCreate } = facts;
  const major = Math.floor(version / 10_000);
  if (major < OLDEST) {
    throw new BootError(`The PostgreSQL at ${where} is version ${major}. Parley needs ${OLDEST} or newer.`);
  }
  if (encoding !== 'UTF8') {
    throw new BootError(
      `The database at ${where} is encoded in ${encoding}. Parley needs one made with ENCODING 'UTF8'.`,
    );
  }
  if (isReadOnly) {
    throw new BootError(`The database at ${where} can only be read. Parley needs one that takes writes: the primary.`);
  }
  if (schema === null || (isNew && !mayCreate)) {
    throw new BootError(
      [
        `The role ${role} may not make Parley's tables in the database at ${where}.`,
        `Make the role its owner (ALTER DATABASE … OWNER TO ${role}), or name a database of its own in DATABASE_URL.`,
      ].join('\n'),
    );
  }
  return { version: `${major}.${version % 10_000}`, schema };
}

async function readFacts(pool: Pool, where: string, patienceMs: number, log: Log): Promise<z.infer<typeof Facts>> {
  const deadline = Date.now() + patienceMs;
  for (let told = false; ; ) {
    try {
      const { rows } = await pool.query(READ_FACTS);
      return Facts.parse(rows[0]);
    } catch (error) {
      const mayCome = MAY_COME.has(errorCode(error) ?? '') || isConnectionLost(error);
      if (!mayCome || Date.now() > deadline) throw describe(error, where);
      if (!told) log.info(`waiting for the PostgreSQL at ${where}`);
      told = true;
      await delay(PAUSE_MS);
    }
  }
}

function describe(error: unknown, where: string): BootError {
  const said = error instanceof Error ? error.message || errorCode(error) : String(error);
  return new BootError(
    [
      `The PostgreSQL at ${where} cannot be used: ${said}`,
      'Check DATABASE_URL, and that the server runs and lets this machine in; or unset it to use the built-in one.',
    ].join('\n'),
    { cause: error },
  );
}

/** Host, port and database of an address, without user and password. */
export function describeAddress(connectionString: string): string {
  const url = new URL(connectionString);
  const host = url.searchParams.get('host') ?? (url.hostname || 'localhost');
  return `${host}:${url.port || url.searchParams.get('port') || '5432'}${url.pathname}`;
}
