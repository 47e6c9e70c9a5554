import { randomUUID } from 'node:crypto';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { system } from '@/lib/protocol/actor';
import { conversationStream } from '@/lib/protocol/stream';
import { note, openTestLedger, type TestLedger } from '@/lib/testing/test-ledger';
import { migrateJobs } from './create-jobs';
import { type DueDeadline, startDeadlines } from './deadlines';
import { startInstance } from './instances';
import { streamHead } from './ledger/read-entries';
import { createLog } from './log';

const log = createLog({ logLevel: 'silent' });
let t: TestLedger;

beforeEach(async () => {
  t = await openTestLedger();
  onTestFinished(() => t.close());
  await migrateJobs(t.database.pool, log);
});

/** An instance of a program on the test's database, whose time can be moved on. */
async function start({ isAlone = false } = {}) {
  const instanceId = randomUUID();
  const { pool } = t.database;
  let movedMs = 0;
  const clock = { now: () => new Date(), monotonicMs: () => performance.now() + movedMs };
  const instance = await startInstance({ pool, workspaceId: t.workspaceId, instanceId, isAlone, clock, log });
  onTestFinished(() => instance.stop());
  const seenAt = async () =>
    (await pool.query<{ seen_at: Date }>('SELECT seen_at FROM instance WHERE id = $1', [instanceId])).rows[0]?.seen_at;
  return {
    ...instance,
    instanceId,
    seenAt,
    moveOn: (ms: number) => {
      movedMs += ms;
    },
    /** Waits for its next sign of life. */
    async sign() {
      const before = await seenAt();
      await expect.poll(async () => (await seenAt())?.getTime(), { timeout: 5_000 }).not.toBe(before?.getTime());
    },
  };
}

/** A job that a worker of this name took an hour ago. */
async function lockedJob(workerId: string): Promise<() => Promise<string | null>> {
  const { pool } = t.database;
  const added = await pool.query(`SELECT id FROM graphile_worker.add_job('test', queue_name => $1)`, [randomUUID()]);
  const id: unknown = added.rows[0]?.id;
  await pool.query(
    `UPDATE graphile_worker._private_jobs SET locked_by = $2, locked_at = now() - interval '1 hour' WHERE id = $1`,
    [id, workerId],
  );
  return async () => {
    const { rows } = await pool.query('SELECT locked_by FROM graphile_worker._private_jobs WHERE id = $1', [id]);
    return rows[0]?.locked_by ?? null;
  };
}

/** As if nobody had given a sign of life for so long. */
const silence = (ms: number) =>
  t.database.pool.query(`UPDATE instance SET seen_at = clock_timestamp() - $1 * interval '1 ms'`, [ms]);

/** Lets an instance give its signs regularly for so long that it may judge the others. */
const steady = async (instance: Awaited<ReturnType<typeof start>>) => {
  for (let n = 0; n < 3; n += 1) {
    instance.moveOn(2_500);
    await instance.sign();
  }
};

test('jobs of an instance that died are freed, those of the living are not', async () => {
  const living = await start();
  await living.nameWorker('pool-living');
  await t.database.pool.query(`INSERT INTO instance VALUES ($1, $2, 'pool-dead', now(), now() - interval '1 minute')`, [
    t.workspaceId,
    randomUUID(),
  ]);
  const [own, orphaned] = [await lockedJob('pool-living'), await lockedJob('pool-dead')];
  await steady(living);
  await expect.poll(orphaned, { timeout: 5_000 }).toBeNull();
  expect(await own()).toBe('pool-living');
}, 30_000);

test('alone on its database, it frees what its predecessor left at once', async () => {
  const orphaned = await lockedJob('pool-of-the-killed');
  await start({ isAlone: true });
  expect(await orphaned()).toBeNull();
});

test('after a time without the database nobody takes the others for dead, and each keeps its jobs', async () => {
  const [one, other] = [await start(), await start()];
  await one.nameWorker('pool-one');
  await other.nameWorker('pool-other');
  const [jobOfOne, jobOfOther] = [await lockedJob('pool-one'), await lockedJob('pool-other')];
  await steady(one);
  for (const each of [one, other]) each.moveOn(60_000);
  await silence(60_000);
  await one.sign();
  await one.sign();
  await other.sign();
  expect([await jobOfOne(), await jobOfOther()]).toEqual(['pool-one', 'pool-other']);
  expect([one.hasPeers(), other.hasPeers()]).toEqual([true, true]);
}, 30_000);

test('one that was taken for dead names its worker again', async () => {
  const { pool } = t.database;
  const stopped = await start();
  await stopped.nameWorker('pool-stopped');
  await pool.query('DELETE FROM instance WHERE id = $1', [stopped.instanceId]);
  await expect.poll(stopped.seenAt, { timeout: 5_000 }).toBeDefined();
  const { rows } = await pool.query('SELECT worker_id FROM instance WHERE id = $1', [stopped.instanceId]);
  expect(rows).toEqual([{ worker_id: 'pool-stopped' }]);
});

const streamOf = (subject: string) => conversationStream(subject);

/** What a deadline's arming and firing come to: an entry in a stream named by its subject. */
const about = (subject: string) => ({
  workspaceId: t.workspaceId,
  actor: system,
  load: async () => null,
  decide: () => ({ ok: true as const, entries: [note(streamOf(subject))], answer: () => null }),
});

const arm = (subject: string, { dueInMs, graceMs }: { dueInMs: number; graceMs: number }) =>
  t.ledger.append({
    ...about(subject),
    decide: () => ({
      ...about(subject).decide(),
      deadlines: [{ kind: 'test', subject, dueAt: new Date(Date.now() + dueInMs), graceMs }],
    }),
  });

function lookOut(on: TestLedger, instanceId: string): void {
  const { pool } = on.database;
  const handlers = {
    test: async ({ subject, consumes }: DueDeadline) => void (await on.ledger.append({ ...about(subject), consumes })),
  };
  const deadlines = startDeadlines({ pool, workspaceId: t.workspaceId, instanceId, handlers, log });
  onTestFinished(() => deadlines.stop());
}

/** How often it fired. */
const fired = async (subject: string) => (await streamHead(t.database.pool, t.workspaceId, streamOf(subject))) - 1;

async function dueInMs(subject: string): Promise<number | null> {
  const { rows } = await t.database.pool.query<{ due_at: Date }>('SELECT due_at FROM deadline WHERE subject = $1', [
    subject,
  ]);
  return rows[0] ? rows[0].due_at.getTime() - Date.now() : null;
}

/** How many wait for a lock in the database of the test. */
async function waiting({ database }: TestLedger): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rows[0]?.count ?? 0;
}

test('a deadline that two instances see coming fires once', async () => {
  const other = await openTestLedger({ database: t.database });
  onTestFinished(() => other.close());
  const [one, two] = [await start(), await start()];
  const subjects = Array.from({ length: 30 }, () => randomUUID());
  for (const subject of subjects) await arm(subject, { dueInMs: 300, graceMs: 1_000 });
  lookOut(t, one.instanceId);
  lookOut(other, two.instanceId);
  const counts = () => Promise.all(subjects.map(fired));
  await expect.poll(counts, { timeout: 10_000 }).toEqual(subjects.map(() => 1));
  expect(await dueInMs(subjects[0] ?? '')).toBeNull();
}, 30_000);

test('what came due while nobody could give a sign of life gets a fresh grace before it is acted upon', async () => {
  const subject = randomUUID();
  const instance = await start();
  await silence(60_000); // the database was away, and is back before this instance has noticed
  instance.moveOn(60_000);
  await arm(subject, { dueInMs: 0, graceMs: 20_000 });
  lookOut(t, instance.instanceId);
  await instance.sign();
  expect(await dueInMs(subject)).toBeGreaterThan(15_000);
  expect(await fired(subject)).toBe(0);
}, 30_000);

test('deadlines get their grace while the ledger arms some of them, in whichever order', async () => {
  const instance = await start();
  const [early, late] = [randomUUID(), randomUUID()];
  for (const subject of [early, late]) await arm(subject, { dueInMs: 0, graceMs: 20_000 });
  const writer = await t.database.pool.connect();
  onTestFinished(() => writer.release());
  const rearm = (subject: string) =>
    writer.query("UPDATE deadline SET epoch = nextval('deadline_epoch') WHERE subject = $1", [subject]);
  await writer.query('BEGIN');
  await writer.query("SET LOCAL deadlock_timeout = '10ms'"); // of two who wait for each other, it would be the one to fail
  await writer.query('SELECT 1 FROM ledger_head FOR UPDATE');
  await rearm(late);
  await silence(60_000);
  instance.moveOn(60_000);
  await expect.poll(() => waiting(t), { timeout: 5_000 }).toBe(1);
  await rearm(early);
  await writer.query('COMMIT');
  for (const subject of [early, late]) {
    await expect.poll(() => dueInMs(subject), { timeout: 5_000 }).toBeGreaterThan(10_000);
  }
}, 30_000);
