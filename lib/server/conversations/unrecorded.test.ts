import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Conversation } from '@/lib/protocol/conversation';
import { SeatId, ServerName } from '@/lib/protocol/ids';
import { createLog } from '@/lib/server/log';
import { openRefusingWay, type RefusingWay } from '@/lib/testing/refusing-way';
import { sandboxTalk } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { type RunningSandbox, startSandbox } from '../letta/sandbox/start-sandbox';

let t: TestRuntime;
let sandbox: RunningSandbox;
let way: RefusingWay;
const server = ServerName.parse('guarded');
const a = SeatId.parse('a');
const { agent, listed, only, open, rest, say, sayElsewhere, stopAll } = sandboxTalk(() => t, server);
const patient = { timeout: 20_000, interval: 50 };

beforeAll(async () => {
  t = await createTestRuntime({ PARLEY_SANDBOX: 'off' });
  const { pool } = t.database;
  const log = createLog({ logLevel: 'silent' });
  sandbox = await startSandbox({ pool, workspaceId: randomUUID(), host: '127.0.0.1', log, paceMs: 'instant' });
  way = await openRefusingWay(sandbox.url);
  await t.rt.letta.add(t.ana.actor, { name: server, dialect: 'rest', url: way.url });
}, 60_000);
afterAll(async () => {
  await t.close();
  await way.stop();
  await sandbox.stop();
}, 60_000);
afterEach(() => stopAll());

const pair = async () => {
  const [alice, bob] = [await agent('Alice', { server }), await agent('Bob', { server })];
  return { alice, talk: await open([alice, bob]) };
};
const seen = (talk: Conversation) => only(talk, 'message.seen');
const said = async (talk: Conversation) => (await seen(talk)).map(({ content }) => content);
const isLater = async (since: Date, ms: number) => {
  const { rows } = await t.database.pool.query<{ is: boolean }>(
    "SELECT now() > $1::timestamptz + $2 * interval '1 ms' AS is",
    [since, ms],
  );
  return rows[0]?.is;
};

test('[CV12] what is said elsewhere while nothing can be recorded is in the transcript when that is over', async () => {
  const { alice, talk } = await pair();
  await sayElsewhere(alice, [{ say: 'before' }]);
  await expect.poll(() => said(talk), patient).toContain('before');
  const { pool } = t.database;
  await pool.query(`CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE disk_full; END $$`);
  await pool.query(
    'CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON ledger_head FOR EACH ROW EXECUTE FUNCTION full_disk()',
  );
  const since = new Date();
  await sayElsewhere(alice, [{ say: 'meanwhile' }]);
  await expect.poll(() => isLater(since, 8_000), patient).toBe(true);
  await pool.query('DROP TRIGGER full_disk ON ledger_head');
  await expect.poll(() => t.rt.ledger.unavailable(), patient).toBeNull();
  await expect.poll(() => said(talk), patient).toContain('meanwhile');
}, 60_000);

test('[CV11] a turn whose listing could not be read when it ended is in the transcript as listed all the same', async () => {
  const { alice, talk } = await pair();
  await sayElsewhere(alice, [{ say: 'before' }]);
  await expect.poll(() => said(talk), patient).toContain('before');
  const note = { tool: 'core_memory_append', arguments: { label: 'human', content: 'likes tea' } };
  await say(talk, a, [{ call: note }, { say: 'at last', stallMs: 3_000 }]);
  const listing = async () => (await listed(alice)).filter(({ runId }) => runId !== null);
  await expect.poll(async () => (await listing()).length, patient).toBeGreaterThan(0);
  const since = new Date();
  await expect.poll(() => isLater(since, 1_500), patient).toBe(true);
  expect(await only(talk, 'turn.ended')).toEqual([]);
  way.refuseListings(true);
  await rest(talk);
  const jobs = async () =>
    (await t.database.pool.query("SELECT 1 FROM graphile_worker.jobs WHERE task_identifier = 'thread.run'")).rowCount;
  await expect.poll(jobs, patient).toBe(0);
  way.refuseListings(false);
  const ids = async () => (await seen(talk)).filter(({ runId }) => runId !== null).map(({ messageId }) => messageId);
  const expected = (await listing()).map(({ messageId }) => messageId);
  await expect.poll(async () => new Set(await ids()), patient).toEqual(new Set(expected));
}, 60_000);
