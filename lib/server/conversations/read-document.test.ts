import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { system } from '@/lib/protocol/actor';
import { CreateApiKey } from '@/lib/protocol/api-key';
import type { Conversation } from '@/lib/protocol/conversation';
import { entryPayloads } from '@/lib/protocol/entry';
import { conversationStream } from '@/lib/protocol/stream';
import { ToldEntry } from '@/lib/protocol/told-entry';
import { ADMIN_KEY } from '@/lib/testing/access-runtime';
import { sandboxTalk } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { createKey } from '../keys/create-key';
import { readStreamBackwards } from '../ledger/read-entries';
import { requireConversation } from './read-conversations';
import { readDocument } from './read-document';

let t: TestRuntime;
const { agent, open } = sandboxTalk(() => t);
const admin = new Headers({ authorization: `Bearer ${ADMIN_KEY}` });

beforeAll(async () => {
  t = await createTestRuntime({ PARLEY_ADMIN_KEY: ADMIN_KEY });
});
afterAll(() => t.close());

const talk = async () => open([await agent('Alice'), await agent('Bob')]);

/** An assistant's message of so many characters. */
const say = ({ id }: Conversation, length: number) =>
  t.rt.ledger.record(t.rt.workspaceId, system, [
    {
      stream: conversationStream(id),
      type: 'message.seen',
      payload: entryPayloads['message.seen'].parse({
        ...{ messageId: `m-${length}`, messageType: 'assistant_message', content: 'x'.repeat(length), seat: 'a' },
        ...{ runId: null, stepId: null, otid: null, senderId: null, senderName: null },
        date: '2026-11-21T11:40:52.000Z',
      }),
    },
  ]);

const newest = async ({ id }: Conversation, limit: number) => {
  const { rt } = t;
  const entries = await readStreamBackwards(rt.database.pool, rt.workspaceId, conversationStream(id), {
    before: null,
    limit,
  });
  return ToldEntry.array().parse(entries);
};

describe('what comes with the page of a conversation', () => {
  test('[LV49] is what the API tells of it, up to the newest entry', async () => {
    const one = await talk();
    for (let n = 1; n <= 210; n += 1) await say(one, n);
    const brought = await readDocument(t.rt, admin, one.id);
    expect(brought?.conversation).toEqual(await requireConversation(t.rt.database.pool, t.rt.workspaceId, one.id));
    expect(brought?.entries).toEqual(await newest(one, 200));
    expect(brought?.entries.every(({ understood }) => understood)).toBe(true);
  });

  test('[LV50] is bounded: the newest entries that fit, and none where not even one does', async () => {
    const one = await talk();
    for (const length of [90_000, 80_000, 70_000]) await say(one, length);
    expect((await readDocument(t.rt, admin, one.id))?.entries).toEqual(await newest(one, 2));
    await say(one, 200_000);
    expect(await readDocument(t.rt, admin, one.id)).toBeNull();
  });

  test('[LV50] is nothing for whoever may not read it, and of what is not there', async () => {
    const one = await talk();
    const input = CreateApiKey.parse({ name: 'agent', role: 'admin', audience: 'agent', agentIds: ['agent-1'] });
    const { key } = await createKey(t.rt, t.ana, input);
    const from = (headers: Record<string, string>, id: string = one.id) => readDocument(t.rt, new Headers(headers), id);
    expect(await from({})).toBeNull();
    expect(await from({ authorization: 'Bearer wrong' })).toBeNull();
    expect(await from({ authorization: `Bearer ${t.rt.access.seal.open(key)}` })).toBeNull();
    expect(await readDocument(t.rt, admin, '00000000-0000-4000-8000-000000000000')).toBeNull();
    expect(await readDocument(t.rt, admin, '../settings')).toBeNull();
    expect(await readDocument(t.rt, admin, one.id)).not.toBeNull();
  });

  test('[LV50] is not waited for', async () => {
    const one = await talk();
    const client = await t.database.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('LOCK TABLE conversation IN ACCESS EXCLUSIVE MODE');
      expect(await readDocument(t.rt, admin, one.id)).toBeNull();
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });
});
