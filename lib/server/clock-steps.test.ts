import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { migrateJobs } from '@/lib/server/create-jobs';
import { openTestLedger } from '@/lib/testing/test-ledger';
import { systemClock } from './clock';
import { watchClockSteps } from './clock-steps';
import { startDeadlines } from './deadlines';
import { startInstance } from './instances';
import { createLog } from './log';

const log = createLog({ logLevel: 'silent' });
const HOUR_MS = 3_600_000;

/** A clock that tests set back: as if that of the database had been set on. */
const settable = () => {
  let behind = 0;
  return {
    setOn: (ms: number) => {
      behind += ms;
    },
    monotonicMs: () => performance.now() - behind,
  };
};

async function open() {
  const t = await openTestLedger();
  onTestFinished(() => t.close());
  const { pool } = t.database;
  await migrateJobs(pool, log);
  const arm = async (inMs: number) => {
    const subject = randomUUID();
    await pool.query(
      `INSERT INTO deadline VALUES ($1, 'test', $2, nextval('deadline_epoch'),
         clock_timestamp() + $3 * interval '1 ms', 0, '{}')`,
      [t.workspaceId, subject, inMs],
    );
    return subject;
  };
  const dueInMs = async (subject: string) => {
    const { rows } = await pool.query<{ ms: number }>(
      'SELECT extract(epoch FROM due_at - clock_timestamp())::float8 * 1000 AS ms FROM deadline WHERE subject = $1',
      [subject],
    );
    return rows[0]?.ms ?? null;
  };
  return { ...t, pool, arm, dueInMs };
}

test.each([HOUR_MS, -HOUR_MS])('[CK11] a clock that is set by %d ms takes the deadlines along', async (stepMs) => {
  const { pool, workspaceId, arm, dueInMs } = await open();
  const clock = settable();
  const settle = watchClockSteps({ db: pool, workspaceId, clock, log });
  await settle();
  const subject = await arm(30_000);
  clock.setOn(stepMs);
  await settle();
  const moved = await dueInMs(subject);
  await settle();
  for (const ms of [moved, await dueInMs(subject)]) expect(Math.abs((ms ?? 0) - 30_000 - stepMs)).toBeLessThan(2_000);
});

test('[CK11] of two instances that find the same step one shifts', async () => {
  const { pool, workspaceId, arm, dueInMs } = await open();
  const clock = settable();
  const settles = [1, 2].map(() => watchClockSteps({ db: pool, workspaceId, clock, log }));
  for (const settle of settles) await settle();
  const subject = await arm(30_000);
  clock.setOn(HOUR_MS);
  await Promise.all(settles.map((settle) => settle()));
  expect(Math.abs(((await dueInMs(subject)) ?? 0) - 30_000 - HOUR_MS)).toBeLessThan(2_000);
});

test('[CK11] a deadline that only a step has made due does not fire', async () => {
  const { pool, workspaceId, arm, dueInMs } = await open();
  const clock = settable();
  const instanceId = randomUUID();
  const instance = await startInstance({ pool, workspaceId, instanceId, isAlone: true, clock: systemClock, log });
  onTestFinished(() => instance.stop());
  const fired: string[] = [];
  const settle = watchClockSteps({ db: pool, workspaceId, clock, log });
  await settle();
  clock.setOn(HOUR_MS);
  const stepped = await arm(-HOUR_MS + 30_000); // due in 30 s by the clock before the step
  await settle();
  const handlers = { test: async ({ subject }: { subject: string }) => void fired.push(subject) };
  const deadlines = startDeadlines({ pool, workspaceId, instanceId, handlers, clock, log });
  onTestFinished(() => deadlines.stop());
  const due = await arm(0);
  await expect.poll(() => fired, { timeout: 5_000 }).toContain(due);
  expect(fired).not.toContain(stepped);
  expect(await dueInMs(stepped)).toBeGreaterThan(20_000);
});

test('[CK11] the deadlines are shifted while the ledger arms some of them, in whichever order', async () => {
  const { pool, workspaceId, arm, dueInMs } = await open();
  const clock = settable();
  const settle = watchClockSteps({ db: pool, workspaceId, clock, log });
  await settle();
  const [early, late] = [await arm(30_000), await arm(30_000)];
  const writer = await pool.connect();
  onTestFinished(() => writer.release());
  const rearm = (subject: string) =>
    writer.query("UPDATE deadline SET epoch = nextval('deadline_epoch') WHERE subject = $1", [subject]);
  await writer.query('BEGIN');
  await writer.query('SELECT 1 FROM ledger_head FOR UPDATE');
  await rearm(late);
  clock.setOn(HOUR_MS);
  const settled = settle();
  const isWaiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  await expect.poll(async () => (await pool.query(isWaiting)).rowCount).toBe(1);
  await rearm(early);
  await writer.query('COMMIT');
  await settled;
  for (const subject of [early, late]) expect(await dueInMs(subject)).toBeGreaterThan(HOUR_MS);
});
