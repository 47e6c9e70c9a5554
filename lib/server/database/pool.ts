import pg from 'pg';
import type { Log } from '@/lib/server/log';

/**
 * A pool of `size` connections, which the server lists under `applicationName`. With `pipeline` a statement is sent before
 * the answers to those before it have come. Two things differ from node-postgres as it comes:
 * - `int8` (bigint columns, count(*)) arrives as a number, and a value beyond 2^53 fails its query, instead of every
 *   caller having to parse text. For this pool alone: the parsers of the library are global state that others rely on,
 *   and who relies on them gets a pool with `types` of their own. `numeric` (sum of bigint, avg) stays text.
 * - A connection that the server ends does not end the process, whether it was idle or lent out; it is logged, and the
 *   query that was under way fails.
 */
export function createPool(
  connectionString: string,
  log: Log,
  size = 20,
  applicationName = 'parley',
  types: pg.CustomTypesConfig = { getTypeParser },
  pipeline = false,
): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: size,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: applicationName,
    types,
    pipeline,
  });
  // HAZARD: an 'error' without a listener ends the process. The pool listens for idle clients only, and reports them;
  // a client that is lent out needs a listener of its own.
  pool.on('error', (err) => {
    // One that is being closed as the server stops is sometimes closed by the server first.
    log[pool.ending ? 'debug' : 'warn']({ reason: err.message }, 'an idle database connection was lost');
  });
  pool.on('connect', (client) => {
    client.on('error', (err) => log.debug({ reason: err.message }, 'a database connection was lost'));
  });
  return pool;
}

const INT8 = 20;

const getTypeParser: typeof pg.types.getTypeParser = (oid, format) =>
  oid === INT8 && format !== 'binary' ? parseInt8 : pg.types.getTypeParser(oid, format);

function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`the bigint ${text} does not fit a number; cast it to text`);
  return value;
}
