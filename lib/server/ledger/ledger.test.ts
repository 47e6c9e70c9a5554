import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { system } from '@/lib/protocol/actor';
import { conversationStream } from '@/lib/protocol/stream';
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

test('[LG1] the first entry of a ledger is log.created and carries the key of its checkpoints', async () => {
  const { rows } = await t.database.pool.query(
    'SELECT leaf, payload FROM entry JOIN entry_payload USING (workspace_id, seq) WHERE seq = 1',
  );
  expect(JSON.parse(rows[0].leaf)).toMatchObject({
    v: 1,
    seq: 1,
    stream: 'system',
    streamSeq: 1,
    type: 'log.created',
  });
  expect(JSON.parse(rows[0].payload)).toEqual({ vkey: t.workspace.signers[0]?.vkey });
});

test('[LG2] entries of one command stand together, in their order, and may name each other as cause', async () => {
  const name = stream();
  const entries = await t.ledger.record(t.workspaceId, system, [note(name), { ...note(name), cause: { index: 0 } }]);
  expect(entries.map((entry) => entry.streamSeq)).toEqual([1, 2]);
  expect(entries[1]?.seq).toBe((entries[0]?.seq ?? 0) + 1);
  expect(entries[1]?.cause).toBe(entries[0]?.seq);
  expect(await readStream(t.database.pool, t.workspaceId, name, { after: 0, limit: 9 })).toEqual(entries);
});

test('[LG3] a command whose stream has moved decides again: of 200 at once exactly 50 get through', async () => {
  const name = stream();
  const outcomes = await Promise.allSettled(
    Array.from({ length: 200 }, () => t.ledger.append(countUp(t.workspaceId, name, 50))),
  );
  const given = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  expect(given.sort((one, other) => one - other)).toEqual(Array.from({ length: 50 }, (_, index) => index));
  const entries = await readStream(t.database.pool, t.workspaceId, name, { after: 0, limit: 100 });
  expect(entries.map((entry) => entry.payload)).toEqual(
    Array.from({ length: 50 }, (_, was) => ({ source: 'test', raw: { was } })),
  );
});

test('[LG4] a command that fails leaves its batch without failing the others', async () => {
  const name = stream();
  const bad: Command<null, null> = {
    workspaceId: t.workspaceId,
    actor: system,
    load: async () => null,
    decide: () => ({
      ok: true,
      entries: [note(name, { bad: true })],
      write: async (db) => {
        await db.query('SELECT 1 / 0');
      },
      answer: () => null,
    }),
  };
  const outcomes = await Promise.allSettled([
    ...Array.from({ length: 20 }, () => t.ledger.record(t.workspaceId, system, [note(name)])),
    t.ledger.append(bad),
    ...Array.from({ length: 20 }, () => t.ledger.record(t.workspaceId, system, [note(name)])),
  ]);
  expect(outcomes.filter((outcome) => outcome.status === 'rejected')).toHaveLength(1);
  expect(await streamHead(t.database.pool, t.workspaceId, name)).toBe(40);
  expect(t.ledger.unavailable()).toBeNull();
});

test('[LG4] nothing is committed without a row that could not even be sent', async () => {
  const name = stream();
  const unsendable = { kind: 'test', subject: name, dueAt: new Date(Number.NaN), graceMs: 0 };
  const bad: Command<null, null> = {
    workspaceId: t.workspaceId,
    actor: system,
    load: async () => null,
    decide: () => ({ ok: true, entries: [note(name)], deadlines: [unsendable], answer: () => null }),
  };
  const outcomes = await Promise.allSettled([
    t.ledger.record(t.workspaceId, system, [note(name)]),
    t.ledger.append(bad),
    t.ledger.record(t.workspaceId, system, [note(name)]),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await streamHead(t.database.pool, t.workspaceId, name)).toBe(2);
});

test('[LG4] also among hundreds of commands that come at once, a command fails alone', async () => {
  const name = stream();
  const bad: Command<null, null> = {
    workspaceId: t.workspaceId,
    actor: system,
    load: async () => null,
    decide: () => ({
      ok: true,
      entries: [note(name)],
      effects: [{ task: 'no job has a queue of this length', payload: {}, queue: 'q'.repeat(200) }],
      answer: () => null,
    }),
  };
  const outcomes = await Promise.allSettled(
    Array.from({ length: 400 }, async (_, n) => {
      for (let turn = 0; turn < n % 40; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      return n % 20 === 0 ? t.ledger.append(bad) : t.ledger.record(t.workspaceId, system, [note(name)]);
    }),
  );
  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(20);
  expect(await streamHead(t.database.pool, t.workspaceId, name)).toBe(380);
});

test('[LG5] what is told to listeners is committed, in order of seq and whole', async () => {
  const told: number[] = [];
  const name = stream();
  const stop = t.ledger.onCommitted((_workspaceId, entries) =>
    told.push(...entries.filter((entry) => entry.stream === name).map((entry) => entry.seq)),
  );
  await Promise.all(
    Array.from({ length: 100 }, () => t.ledger.record(t.workspaceId, system, [note(name), note(name)])),
  );
  stop();
  expect(told).toEqual([...told].sort((one, other) => one - other));
  expect(told).toHaveLength(200);
});

test('[LG6] text that no UTF-8 can hold is mended, U+0000 is kept', async () => {
  const name = stream();
  await t.ledger.record(t.workspaceId, system, [note(name, { text: 'a\ud800b \u0000' })]);
  const [entry] = await readStream(t.database.pool, t.workspaceId, name, { after: 0, limit: 1 });
  expect(entry?.payload).toEqual({ source: 'test', raw: { text: 'a\ufffdb \u0000' }, mended: true });
});

test('[LG6] what is told at once is what is kept, mended', async () => {
  const told: unknown[] = [];
  const stop = t.ledger.onCommitted((_workspaceId, entries) => told.push(...entries.map(({ payload }) => payload)));
  await t.ledger.record(t.workspaceId, system, [note(stream(), { text: 'a\ud800b' })]);
  stop();
  expect(told).toEqual([{ source: 'test', raw: { text: 'a\ufffdb' }, mended: true }]);
});

test('[LG7] a deadline is consumed by exactly one command, and by none once it was moved', async () => {
  const name = stream();
  const arm = (): Command<null, null> => ({
    workspaceId: t.workspaceId,
    actor: system,
    load: async () => null,
    decide: () => ({
      ok: true,
      entries: [note(name)],
      deadlines: [{ kind: 'test', subject: name, dueAt: new Date(), graceMs: 1_000 }],
      answer: () => null,
    }),
  });
  const epoch = async () => {
    const { rows } = await t.database.pool.query('SELECT epoch::float8 AS epoch FROM deadline WHERE subject = $1', [
      name,
    ]);
    return Number(rows[0]?.epoch);
  };
  const consume = (armed: number) =>
    t.ledger.append({
      ...arm(),
      decide: () => ({ ok: true, entries: [note(name, { fired: armed })], answer: () => armed }),
      consumes: { kind: 'test', subject: name, epoch: armed },
    });
  await t.ledger.append(arm());
  const old = await epoch();
  await t.ledger.append(arm());
  await expect(consume(old)).rejects.toMatchObject({ code: 'deadline.moved' });
  const armed = await epoch();
  const outcomes = await Promise.allSettled([consume(armed), consume(armed), consume(armed)]);
  expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  expect(await streamHead(t.database.pool, t.workspaceId, name)).toBe(3);
});

test('[LG8] two instances on one database append into one gapless ledger', async () => {
  const other = await openTestLedger({ database: t.database });
  const name = stream();
  await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      (index % 2 ? t : other).ledger.record(t.workspaceId, system, [note(name)]),
    ),
  );
  await other.close();
  const entries = await readStream(t.database.pool, t.workspaceId, name, { after: 0, limit: 100 });
  expect(entries.map((entry) => entry.streamSeq)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
  verifyExport(await t.exportText());
});
