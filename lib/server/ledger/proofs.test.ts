import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isConsistent, rootFromInclusion } from '@/lib/domain/merkle-tree';
import { system } from '@/lib/protocol/actor';
import { conversationStream } from '@/lib/protocol/stream';
import { rounds } from '@/lib/testing/rounds';
import { note, openTestLedger, type TestLedger } from '@/lib/testing/test-ledger';
import { verifyExport } from '@/lib/testing/verify-export';
import { createFailpoint } from '../failpoint';
import { createLog } from '../log';
import { createCheckpoints } from './checkpoints';
import { consistencyPath, inclusionPath } from './proofs';
import { streamHead } from './read-entries';
import { sha256 } from './sha256';
import { openCheckpoint } from './signed-note';

let t: TestLedger;
const stream = () => conversationStream(randomUUID());

beforeAll(async () => {
  t = await openTestLedger();
});
afterAll(() => t.close());

test('[PR9] any interleaving of commands, refusals and failures leaves a ledger whose export verifies', async () => {
  const step = fc.record({
    streams: fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 4 }),
    fails: fc.boolean(),
    expects: fc.boolean(),
    text: fc.string({ unit: 'binary' }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
      const names = Array.from({ length: 4 }, stream);
      const at = (index: number) => names[index] ?? stream();
      let expected = 0;
      await Promise.allSettled(
        steps.map(async ({ streams, fails, expects, text }) => {
          const [first = 0] = streams;
          await t.ledger.append({
            workspaceId: t.workspaceId,
            actor: system,
            load: (db) => streamHead(db, t.workspaceId, at(first)),
            decide: (head) => ({
              ok: true,
              entries: streams.map((index) => note(at(index), { text })),
              ...(expects ? { expects: [{ stream: at(first), streamSeq: head }] } : {}),
              write: async (db) => {
                if (fails) await db.query('SELECT no_such_column');
              },
              answer: () => null,
            }),
          });
          expected += streams.length;
        }),
      );
      const { rows } = await t.database.pool.query(
        'SELECT coalesce(sum(stream_seq), 0)::int AS n FROM stream_head WHERE stream = ANY($1)',
        [names],
      );
      expect(rows[0].n).toBe(expected);
      expect(expected).toBe(steps.filter((each) => !each.fails).reduce((sum, each) => sum + each.streams.length, 0));
    }),
    { numRuns: rounds(15) },
  );
  const { size } = verifyExport(await t.exportText());
  expect(size).toBeGreaterThan(1);
}, 60_000);

test('[PR10] a byte changed anywhere in an export is found', async () => {
  await t.ledger.record(t.workspaceId, system, [note(stream()), note(stream())]);
  const text = await t.exportText();
  const lines = text.trimEnd().split('\n');
  const index = lines.findIndex((line) => line.includes('"type\\":\\"unknown\\"'));
  for (const [from, to] of [
    ['"payload":"{', '"payload":"{ '],
    ['streamSeq\\":', 'streamSeq\\":1'],
    ['unknown', 'unknowm'],
  ] as const) {
    const forged = lines.map((line, at) => (at === index ? line.replace(from, to) : line)).join('\n');
    expect(forged).not.toBe(text.trimEnd());
    expect(() => verifyExport(forged)).toThrow('does not hold');
  }
  expect(() => verifyExport(lines.toSpliced(index, 1).join('\n'))).toThrow('gapless');
});

test('[PR11] inclusion and consistency proofs hold across stored subtrees, for every size that was signed', async () => {
  const name = stream();
  for (let round = 0; round < 3; round += 1) {
    await t.ledger.record(
      t.workspaceId,
      system,
      Array.from({ length: 450 }, () => note(name)),
    );
    await t.checkpoints.sign();
  }
  const { pool } = t.database;
  const { rows } = await pool.query<{ size: number; note: string }>(
    'SELECT size::float8 AS size, note FROM checkpoint ORDER BY size',
  );
  const vkey = t.workspace.signers[0]?.vkey ?? '';
  const open = (row?: { note: string }) => openCheckpoint(row?.note ?? '', vkey);
  const newest = open(rows.at(-1));
  if (!newest) throw new Error('a checkpoint');
  for (const seq of [1, 2, 255, 256, 257, 512, 513, newest.size - 1, newest.size]) {
    const path = (await inclusionPath(pool, t.workspaceId, seq, newest.size)).map((hash) =>
      Buffer.from(hash, 'base64'),
    );
    const leaf = await pool.query('SELECT leaf_hash FROM entry WHERE seq = $1', [seq]);
    const root = rootFromInclusion(sha256, {
      index: seq - 1,
      size: newest.size,
      leafHash: leaf.rows[0].leaf_hash,
      path,
    });
    expect(root && Buffer.from(root).equals(newest.root)).toBe(true);
  }
  for (const row of rows) {
    const old = open(row);
    const path = (await consistencyPath(pool, t.workspaceId, row.size, newest.size)).map((hash) =>
      Buffer.from(hash, 'base64'),
    );
    expect(
      old && isConsistent(sha256, { from: row.size, to: newest.size, fromRoot: old.root, toRoot: newest.root, path }),
    ).toBe(true);
  }
});

test('[PR12] a partial export holds one stream, each entry with the path to the same root', async () => {
  const name = stream();
  await t.ledger.record(t.workspaceId, system, [note(name), note(stream()), note(name)]);
  const { entries } = verifyExport(await t.exportText(name));
  expect(entries.map((entry) => entry.stream)).toEqual([name, name]);
});

test('[PR13] signing again without anything new gives the same checkpoint and no entry', async () => {
  const first = await t.checkpoints.sign();
  expect(await t.checkpoints.sign()).toEqual(first);
  expect((await t.checkpoints.sign(first.size + 1)).size).toBe(first.size + 1);
  await t.ledger.record(t.workspaceId, system, [note(stream())]);
  expect((await t.checkpoints.sign()).size).toBe(first.size + 3);
});

test('[PR14] what another instance has appended and cannot sign any more is signed by one that lives', async () => {
  const { database, ledger, workspace, workspaceId } = t;
  const other = await openTestLedger({ database: t.database });
  const options = { ledger, pool: database.pool, workspace, log: createLog({ logLevel: 'silent' }) };
  const checkpoints = createCheckpoints({ ...options, failpoint: createFailpoint(undefined), signAfterMs: 100 });
  const [entry] = await other.ledger.record(workspaceId, system, [note(stream())]);
  await other.close();
  await expect.poll(async () => (await checkpoints.newest())?.size ?? 0).toBeGreaterThanOrEqual(entry?.seq ?? 0);
  await checkpoints.close();
});
