import type pg from 'pg';

const STATEMENTS = [
  'BEGIN',
  'UPDATE ledger_head SET received_at = received_at',
  // A full disk still takes what fits into pages that are there. Sorting in so little memory needs new ones, and leaves none.
  "SET LOCAL work_mem = '64kB'",
  'SELECT count(DISTINCT md5(n::text)) FROM generate_series(1, 5000) AS n',
  'COMMIT',
] as const;

/** Works exactly where appending works, and changes nothing. Rejects as the database does. */
export async function probeAppend(writer: pg.Pool): Promise<void> {
  const client = await writer.connect();
  try {
    await Promise.all(STATEMENTS.map((statement) => client.query(statement))); // the writer pipelines: one way there and back
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}
