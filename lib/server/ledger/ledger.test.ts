import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { isConsistent, rootFromInclusion } from '@/lib/domain/merkle-tree';
import { system } from '@/lib/protocol/actor';
import { conversationStream } from '@/lib/protocol/stream';
import { rounds } from '@/lib/testing/rounds';
import { note, openTestLedger, type TestLedger } from '@/lib/testing/test-ledger';
import { verifyExport } from '@/lib/testing/verify-export';
import type { Command } from './command';
import { abandonIdempotent, beginIdempotent, finishIdempotent } from './idempotency';
import { consistencyPath, inclusionPath } from './proofs';
import { readStream, streamHead } from './read-entries';
import { sha256 } from './sha256';
import { openCheckpoint } from './signed-note';

let t: TestLedger;
const stream = () => conversationStream(randomUUID());

beforeAll(async () => {
  t = await openTestLedger();
});
afterAll(() => t.close());

/** Counts a stream up to `limit` by one, deciding by what it loads. */
function countUp(name: ReturnType<typeof stream>, limit: number): Command<number, number> {
  return {
    workspaceId: t.workspaceId,
    actor: system,
    load: (db) => streamHead(db, t.workspaceId, name),
    decide: (head) =>
      head >= limit
        ? { ok: false, code: 'conversation.state', message: 'full' }
        : {
            ok: true,
            entries: [note(name, { was: head })],
            expects: [{ stream: name, streamSeq: head }],
            answer: () => head,
          },
  };
}

describe('appending', () => {
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
    const outcomes = await Promise.allSettled(Array.from({ length: 200 }, () => t.ledger.append(countUp(name, 50))));
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

  test('[LG5] what is told to listeners is committed, in order of seq and whole', async () => {
    const told: number[] = [];
    const stop = t.ledger.onCommitted((_workspaceId, entries) => told.push(...entries.map((entry) => entry.seq)));
    const name = stream();
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
});

describe('repeated requests', () => {
  const request = (key: string, hash = 'same') => ({
    workspaceId: t.workspaceId,
    actorId: 'person:ana',
    key,
    requestHash: Buffer.from(hash),
    status: 201,
  });
  const instance = randomUUID();
  beforeAll(async () => {
    await t.database.pool.query('INSERT INTO instance VALUES ($1, $2, NULL, now(), now())', [t.workspaceId, instance]);
  });

  test('[LG9] a repeat gets the answer of the first, which is kept in the transaction of its entries', async () => {
    const name = stream();
    const begun = await beginIdempotent(t.database.pool, instance, request('k1'));
    if (begun.kind !== 'first') throw new Error('the first is the first');
    const { idempotency } = begun;
    await t.ledger.append({ ...countUp(name, 9), idempotency });
    expect(await beginIdempotent(t.database.pool, instance, request('k1'))).toEqual({
      kind: 'repeat',
      status: 201,
      body: 0,
    });
  });

  test('[LG9] another request under the key is refused; a repeat goes on where a first came to nothing', async () => {
    const begun = await beginIdempotent(t.database.pool, instance, request('k2'));
    await expect(beginIdempotent(t.database.pool, instance, request('k2', 'other'))).rejects.toMatchObject({
      code: 'idempotency.mismatch',
    });
    if (begun.kind !== 'first') throw new Error('the first is the first');
    await abandonIdempotent(t.database.pool, t.workspaceId, begun.idempotency);
    expect(await beginIdempotent(t.database.pool, instance, request('k2'))).toEqual(begun);
  });

  test('[LG9] a key is freed as soon as the database is back, where it was away at that moment', async () => {
    const begun = await beginIdempotent(t.database.pool, instance, request('k5'));
    if (begun.kind !== 'first') throw new Error('the first is the first');
    await t.database.pool.query('ALTER TABLE idempotency RENAME TO idempotency_away');
    await abandonIdempotent(t.database.pool, t.workspaceId, begun.idempotency);
    await t.database.pool.query('ALTER TABLE idempotency_away RENAME TO idempotency');
    expect(await beginIdempotent(t.database.pool, instance, request('k5'))).toEqual(begun);
  });

  test('[LG9] what commits after its claim was taken over is refused', async () => {
    const name = stream();
    const stopped = randomUUID();
    const begun = await beginIdempotent(t.database.pool, stopped, request('k6'));
    const taken = await beginIdempotent(t.database.pool, instance, request('k6'));
    if (begun.kind !== 'first' || taken.kind !== 'first') throw new Error('both set out to do it');
    await t.ledger.append({ ...countUp(name, 9), idempotency: taken.idempotency });
    await expect(t.ledger.append({ ...countUp(name, 9), idempotency: begun.idempotency })).rejects.toMatchObject({
      code: 'idempotency.taken_over',
    });
    expect(await streamHead(t.database.pool, t.workspaceId, name)).toBe(1);
  });

  test('[LG9] a repeat while the first runs waits for it; one of a dead instance is taken over with its intent', async () => {
    const begun = await beginIdempotent(t.database.pool, instance, request('k3'));
    if (begun.kind !== 'first') throw new Error('the first is the first');
    const repeat = beginIdempotent(t.database.pool, instance, request('k3'));
    await finishIdempotent(t.database.pool, t.workspaceId, begun.idempotency, 202, { done: true });
    expect(await repeat).toEqual({ kind: 'repeat', status: 202, body: { done: true } });
    const dead = await beginIdempotent(t.database.pool, randomUUID(), request('k4'));
    const taken = await beginIdempotent(t.database.pool, instance, request('k4'));
    expect(
      taken.kind === 'first' && dead.kind === 'first' && taken.idempotency.intentId === dead.idempotency.intentId,
    ).toBe(true);
  });
});

describe('proof', () => {
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
});

describe('when nothing can be appended', () => {
  test('[LG10] commands are refused at once, nothing is half done, and it resumes by itself', async () => {
    const name = stream();
    const { pool } = t.database;
    await pool.query(
      `CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE disk_full; END $$`,
    );
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
      ...countUp(name, 0),
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
      ...countUp(name, 9),
      workspaceId: own.workspaceId,
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
});
