import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { system } from '@/lib/protocol/actor';
import { conversationStream } from '@/lib/protocol/stream';
import { rounds } from '@/lib/testing/rounds';
import { countUp, note, openTestLedger, type TestLedger } from '@/lib/testing/test-ledger';
import { verifyExport } from '@/lib/testing/verify-export';
import type { Command } from './command';
import { readStream, streamHead } from './read-entries';

let t: TestLedger;
const stream = () => conversationStream(randomUUID());

beforeAll(async () => {
  t = await openTestLedger();
});
afterAll(() => t.close());

test('[LG10] commands are refused at once, nothing is half done, and it resumes by itself', async () => {
  const name = stream();
  const { pool } = t.database;
  await pool.query(`CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE disk_full; END $$`);
  await pool.query(
    'CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON ledger_head FOR EACH ROW EXECUTE FUNCTION full_disk()',
  );
  await expect(t.ledger.record(t.workspaceId, system, [note(name)])).rejects.toMatchObject({
    code: 'ledger.unavailable',
  });
  expect(t.ledger.unavailable()).not.toBeNull();
  await expect(t.ledger.record(t.workspaceId, system, [note(name)])).rejects.toMatchObject({
    code: 'ledger.unavailable',
  });
  await pool.query('DROP TRIGGER full_disk ON ledger_head');
  await expect.poll(() => t.ledger.unavailable(), { timeout: 5_000 }).toBeNull();
  await t.ledger.record(t.workspaceId, system, [note(name)]);
  expect(await streamHead(pool, t.workspaceId, name)).toBe(1);
});

test('[LG10] a disk that has room for what changes in its place, and for nothing new, is told until it has room again', async () => {
  const own = await openTestLedger();
  onTestFinished(() => own.close());
  const { pool } = own.database;
  const setLimit = async (setting: string) => {
    await pool.query(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I ${setting}', current_database()); END $$`);
    await pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'parley-ledger' AND datname = current_database()`,
    );
  };
  await setLimit('SET temp_file_limit = 64'); // stands for the full disk: files that are there can be written
  await own.ledger.check();
  await expect.poll(() => own.ledger.unavailable(), { timeout: 5_000 }).toContain('temp_file_limit');
  const told = (await pool.query('SELECT now() AS at')).rows[0].at;
  await expect
    .poll(async () => (await pool.query("SELECT now() > $1::timestamptz + interval '1.2 s' AS later", [told])).rows)
    .toEqual([{ later: true }]);
  expect(own.ledger.unavailable()).toContain('temp_file_limit');
  await setLimit('RESET temp_file_limit');
  await expect.poll(() => own.ledger.unavailable(), { timeout: 5_000 }).toBeNull();
  await own.ledger.record(own.workspaceId, system, [note(stream())]);
});

test('[LG11] a connection that is cut in the middle: what was answered is there once, what was refused is not', async () => {
  const name = stream();
  const { pool } = t.database;
  const answered: string[] = [];
  const refused: string[] = [];
  let cutting = true;
  const cut = (async () => {
    for (let round = 0; round < rounds(8); round += 1) {
      await pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'parley-ledger' AND datname = current_database()`,
      );
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    cutting = false;
  })();
  // Half of the writers expect the stream where others move it, so that batches hold commands that decided again.
  const write = (id: string, expects: boolean): Command<number, null> => ({
    ...countUp(t.workspaceId, name, 0),
    decide: (head) => ({
      ok: true,
      entries: [note(name, { id })],
      ...(expects ? { expects: [{ stream: name, streamSeq: head }] } : {}),
      answer: () => null,
    }),
  });
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let n = 0; cutting; n += 1) {
      const id = `${writer}-${n}`;
      await t.ledger.append(write(id, writer % 2 === 0)).then(
        () => answered.push(id),
        async () => {
          refused.push(id);
          await new Promise((resolve) => setTimeout(resolve, 20));
        },
      );
    }
  });
  await Promise.all([cut, ...writers]);
  await expect.poll(() => t.ledger.unavailable(), { timeout: 5_000 }).toBeNull();
  const entries = await readStream(pool, t.workspaceId, name, { after: 0, limit: 100_000 });
  const there = entries.map(({ payload }) => z.object({ raw: z.object({ id: z.string() }) }).parse(payload).raw.id);
  expect(there.toSorted()).toEqual(answered.toSorted());
  expect(answered.length).toBeGreaterThan(0);
  expect(refused.length).toBeGreaterThan(0);
  verifyExport(await t.exportText());
}, 30_000);

test('[LG12] a commit whose answer was lost is looked up: the command succeeds, also one that decided again', async () => {
  const own = await openTestLedger();
  const { pool } = own.database;
  const name = stream();
  await own.ledger.record(own.workspaceId, system, [note(name)]);
  // A commit that waits for a standby which never comes is durable already when its connection is cut.
  await pool.query(
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = on', current_database()); END $$`,
  );
  onTestFinished(async () => {
    await pool.query('ALTER SYSTEM RESET synchronous_standby_names');
    await pool.query('SELECT pg_reload_conf()');
    await own.close();
  });
  const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'parley-ledger' AND datname = current_database()`;
  await pool.query(cut); // what comes instead has the new settings
  const works = () =>
    own.ledger.record(own.workspaceId, system, [note(stream())]).then(
      () => true,
      () => false,
    );
  await expect.poll(works, { timeout: 5_000 }).toBe(true);
  await pool.query("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
  await pool.query('SELECT pg_reload_conf()');
  const standby = async () => (await pool.query('SHOW synchronous_standby_names')).rows;
  await expect.poll(standby).toEqual([{ synchronous_standby_names: 'nobody' }]);
  const told: number[] = [];
  own.ledger.onCommitted((_workspaceId, entries) => told.push(...entries.map((entry) => entry.streamSeq)));
  let loads = 0;
  const answer = own.ledger.append({
    ...countUp(own.workspaceId, name, 9),
    load: async (db) => {
      loads += 1;
      return loads === 1 ? 0 : streamHead(db, own.workspaceId, name);
    },
  });
  await expect
    .poll(async () => (await pool.query(`${cut} AND wait_event = 'SyncRep'`)).rowCount, { timeout: 5_000 })
    .toBe(1);
  await pool.query('ALTER SYSTEM RESET synchronous_standby_names');
  await pool.query('SELECT pg_reload_conf()');
  expect(await answer).toBe(1);
  expect(told).toEqual([2]);
  expect(await streamHead(pool, own.workspaceId, name)).toBe(2);
}, 30_000);
