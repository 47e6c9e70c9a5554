import { expect, onTestFinished, test } from 'vitest';
import { createTestRuntime } from '@/lib/testing/test-runtime';
import { wakeThreads } from './wake-threads';

const WAITING = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;

test('what has failed at a server is tried again while the ledger adds jobs, in whichever order', async () => {
  const t = await createTestRuntime();
  onTestFinished(() => t.close());
  const { pool } = t.database;
  const addFailed = async () => {
    const { rows } = await pool.query<{ id: string }>(
      `SELECT id FROM graphile_worker.add_job('nobody', '{"server":"sandbox"}', run_at => now() + interval '1 hour')`,
    );
    const id = rows[0]?.id ?? '';
    await pool.query('UPDATE graphile_worker._private_jobs SET attempts = 1 WHERE id = $1', [id]);
    return id;
  };
  const [early, late] = [await addFailed(), await addFailed()];
  const writer = await pool.connect();
  onTestFinished(() => writer.release());
  const touch = (id: string) =>
    writer.query('UPDATE graphile_worker._private_jobs SET updated_at = now() WHERE id = $1', [id]);
  await writer.query('BEGIN');
  await writer.query('SELECT 1 FROM ledger_head FOR UPDATE');
  await touch(late);
  const waking = wakeThreads(t.rt);
  onTestFinished(() => waking.stop());
  await expect.poll(async () => (await pool.query(WAITING)).rowCount, { timeout: 5_000 }).toBeGreaterThan(0);
  await touch(early);
  await writer.query('COMMIT');
  const putOff = () => pool.query('SELECT id FROM graphile_worker._private_jobs WHERE run_at > now()');
  await expect.poll(async () => (await putOff()).rowCount, { timeout: 5_000 }).toBe(0);
}, 30_000);
