import type { Pool } from 'pg';

/** A job that has used up its tries stays for people who ask what went wrong. */
const FAILED_KEPT = '1 day';

/**
 * Forgets queues without a job, and jobs that will never be tried again. HAZARD: graphile-worker (0.18) keeps a row for
 * every queue that there ever was, and locks all that are free whenever it looks for a job; what it has to clean them up
 * takes one away that somebody is just using, and the job in it is never run.
 */
export async function forgetJobs(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    // INVARIANT: jobs are only added by the ledger's writer, under this lock: one that is being added is seen, or not begun.
    await client.query('SELECT 1 FROM ledger_head FOR UPDATE');
    await client.query(
      `DELETE FROM graphile_worker._private_jobs
       WHERE locked_at IS NULL AND attempts >= max_attempts AND updated_at < now() - interval '${FAILED_KEPT}'`,
    );
    await client.query(
      `DELETE FROM graphile_worker._private_job_queues q WHERE q.locked_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM graphile_worker._private_jobs j WHERE j.job_queue_id = q.id)`,
    );
    await client.query('COMMIT');
    client.release();
  } catch (error) {
    client.release(true); // whatever it holds ends with its connection
    throw error;
  }
}
