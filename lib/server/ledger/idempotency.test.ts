import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { conversationStream } from '@/lib/protocol/stream';
import { countUp, openTestLedger, type TestLedger } from '@/lib/testing/test-ledger';
import { abandonIdempotent, beginIdempotent, finishIdempotent } from './idempotency';
import { streamHead } from './read-entries';

let t: TestLedger;
const instance = randomUUID();
const stream = () => conversationStream(randomUUID());

beforeAll(async () => {
  t = await openTestLedger();
  await t.database.pool.query('INSERT INTO instance VALUES ($1, $2, NULL, now(), now())', [t.workspaceId, instance]);
});
afterAll(() => t.close());

const request = (key: string, hash = 'same') => ({
  workspaceId: t.workspaceId,
  actorId: 'person:ana',
  key,
  requestHash: Buffer.from(hash),
  status: 201,
});

test('[LG9] a repeat gets the answer of the first, which is kept in the transaction of its entries', async () => {
  const name = stream();
  const begun = await beginIdempotent(t.database.pool, instance, request('k1'));
  if (begun.kind !== 'first') throw new Error('the first is the first');
  const { idempotency } = begun;
  await t.ledger.append({ ...countUp(t.workspaceId, name, 9), idempotency });
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
  await t.ledger.append({ ...countUp(t.workspaceId, name, 9), idempotency: taken.idempotency });
  await expect(
    t.ledger.append({ ...countUp(t.workspaceId, name, 9), idempotency: begun.idempotency }),
  ).rejects.toMatchObject({
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
