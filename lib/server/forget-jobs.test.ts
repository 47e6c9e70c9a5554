import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { TestDatabase } from '@/lib/testing/test-database';
import { openTestLedger } from '@/lib/testing/test-ledger';
import { migrateJobs } from './create-jobs';
import { forgetJobs } from './forget-jobs';
import { createLog } from './log';

/** Who waits for a lock in this database. */
const WAITING = `SELECT pid::text AS name FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
const OLD = "now() - interval '2 days'";
let database: TestDatabase;

beforeEach(async () => {
  const ledger = await openTestLedger();
  onTestFinished(() => ledger.close());
  database = ledger.database;
  await migrateJobs(database.pool, createLog({ logLevel: 'silent' }));
});

const add = (queue: string) =>
  database.pool.query(`SELECT id FROM graphile_worker.add_job('test', queue_name => $1)`, [queue]);
const change = (queue: string, set: string) =>
  database.pool.query(
    `UPDATE graphile_worker._private_jobs j SET ${set} FROM graphile_worker._private_job_queues q
     WHERE q.id = j.job_queue_id AND q.queue_name = $1`,
    [queue],
  );
/** As graphile-worker does when a job has succeeded. */
const done = (queue: string) =>
  database.pool.query(
    `DELETE FROM graphile_worker._private_jobs j USING graphile_worker._private_job_queues q
     WHERE q.id = j.job_queue_id AND q.queue_name = $1`,
    [queue],
  );
const namesIn = async (sql: string): Promise<string[]> =>
  (await database.pool.query<{ name: string }>(sql)).rows.map(({ name }) => name);
const queues = () => namesIn('SELECT queue_name AS name FROM graphile_worker._private_job_queues ORDER BY 1');
const jobs = () => namesIn('SELECT queue_name AS name FROM graphile_worker.jobs ORDER BY 1');

test('of 200 queues whose jobs are done none is left, and those with a job stay', async () => {
  const names = Array.from({ length: 200 }, (_, nth) => `thread:${nth}`);
  for (const name of names) await add(name);
  for (const name of names) await done(name);
  await add('waits');
  await add('tried');
  await change('tried', `attempts = 3, last_error = 'no', updated_at = ${OLD}`);
  await forgetJobs(database.pool);
  expect(await queues()).toEqual(['tried', 'waits']);
  expect(await jobs()).toEqual(['tried', 'waits']);
});

test('a job that has used up its tries is forgotten after a day, unless somebody carries it out', async () => {
  for (const name of ['old', 'carried out', 'fresh']) await add(name);
  await change('old', `attempts = max_attempts, updated_at = ${OLD}`);
  await change('carried out', `attempts = max_attempts, updated_at = ${OLD}, locked_at = now(), locked_by = 'w'`);
  await change('fresh', 'attempts = max_attempts');
  await forgetJobs(database.pool);
  expect(await jobs()).toEqual(['carried out', 'fresh']);
  expect(await queues()).toEqual(['carried out', 'fresh']);
});

test('a queue to which the ledger is adding a job keeps it', async () => {
  await add('used again');
  await done('used again');
  const writer = await database.pool.connect();
  onTestFinished(() => writer.release());
  await writer.query('BEGIN');
  await writer.query('SELECT 1 FROM ledger_head FOR UPDATE');
  await writer.query(`SELECT graphile_worker.add_job('test', queue_name => 'used again')`);
  const forgetting = forgetJobs(database.pool);
  await expect.poll(() => namesIn(WAITING)).toHaveLength(1);
  await writer.query('COMMIT');
  await forgetting;
  expect(await queues()).toEqual(['used again']);
  expect(await jobs()).toEqual(['used again']);
});
