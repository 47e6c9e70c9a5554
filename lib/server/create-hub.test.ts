import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { system } from '@/lib/protocol/actor';
import { conversationStream, type Stream } from '@/lib/protocol/stream';
import { note, openTestLedger } from '@/lib/testing/test-ledger';
import { createHub } from './create-hub';
import { createPool } from './database/pool';
import { createLog } from './log';

const log = createLog({ logLevel: 'silent' });
const within = { timeout: 5_000, interval: 10 };

test('[LV28] what is committed while other instances are being told of something else reaches them, too', async () => {
  const here = await openTestLedger();
  const there = await openTestLedger({ database: here.database });
  const { pool, connectionString } = here.database;
  /** Its only connection can be lent out, so that what is told waits. */
  const narrow = createPool(connectionString, log, 1);
  const hub = createHub({
    ...{ pool: narrow, connectionString, ledger: here.ledger, instanceId: 'here', hasPeers: () => true, log },
  });
  const other = createHub({
    ...{ pool, connectionString, ledger: there.ledger, instanceId: 'there', hasPeers: () => true, log },
  });
  onTestFinished(async () => {
    await hub.close();
    await other.close();
    await narrow.end();
    await there.close();
    await here.close();
  });
  const heard = new Set<Stream>();
  other.listen({ moved: (stream) => heard.add(stream) });
  const write = async (stream = conversationStream(randomUUID())) => {
    await here.ledger.record(here.workspaceId, system, [note(stream)]);
    return stream;
  };
  const hasHeard = async () => {
    await write();
    return heard.size > 0;
  };
  await expect.poll(hasHeard, within).toBe(true);
  const lent = await narrow.connect();
  const first = await write();
  await expect.poll(() => narrow.waitingCount, within).toBeGreaterThan(0);
  const second = await write();
  lent.release();
  await expect.poll(() => heard.has(first), within).toBe(true);
  await expect.poll(() => heard.has(second), within).toBe(true);
});

test('what somebody else says on the channel of the instances is passed over', async () => {
  const here = await openTestLedger();
  const { pool, connectionString } = here.database;
  const hub = createHub({ pool, connectionString, ledger: here.ledger, instanceId: 'here', hasPeers: () => true, log });
  onTestFinished(async () => {
    await hub.close();
    await here.close();
  });
  const heard: string[] = [];
  hub.listen({ revoked: ({ id }) => heard.push(id) });
  const say = (text: string) => pool.query('SELECT pg_notify($1, $2)', ['parley', text]);
  const revoked = JSON.stringify({ kind: 'revoked', from: 'there', credential: { kind: 'key', id: 'k' } });
  const hears = async () => {
    for (const text of ['', 'hello', '{', 'null', '{"kind":"unheard of"}', revoked]) await say(text);
    return heard.includes('k');
  };
  await expect.poll(hears, within).toBe(true);
});
