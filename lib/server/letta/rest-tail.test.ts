import { once } from 'node:events';
import { createServer } from 'node:http';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AgentId } from '@/lib/protocol/ids';
import { createRestClient } from './rest-client';
import { createTail, type Tail } from './rest-tail';

type Stored = {
  id: string;
  seq: number;
  run: string | null;
  committed: boolean;
  isUnreadable?: boolean;
  thought?: string;
};

let stored: Stored[];
let runsAsked: string[];
let runsListed: number;
let stop: () => Promise<void>;
let tail: Tail;
let now: number;

const store = (seq: number, more: Partial<Stored> = {}) =>
  stored.push({ id: `message-${seq}`, seq, run: `run-${seq}`, committed: true, ...more });
const told = async (after: string | null, limit = 100) => {
  const { messages, cursor } = await tail.read(after, limit);
  return { ids: messages.map(({ message }) => message.messageId), cursor };
};

/** As the server does it: by sequence number, whatever is committed; a cursor that is gone is a 404. */
function answer(url: URL): { status: number; body: unknown } {
  if (/^\/v1\/runs\/?$/.test(url.pathname)) {
    runsListed += 1;
    const runs = stored.filter((each) => each.run !== null && each.run !== 'run-gone');
    return { status: 200, body: runs.map(({ run: id }) => ({ id, agent_id: `agent-of-${id}` })) };
  }
  const run = /^\/v1\/runs\/(.+)$/.exec(url.pathname)?.[1];
  if (run) {
    runsAsked.push(run);
    return run === 'run-gone'
      ? { status: 404, body: { detail: 'Run not found' } }
      : { status: 200, body: { id: run, agent_id: `agent-of-${run}` } };
  }
  const agent = /^\/v1\/agents\/(.+)$/.exec(url.pathname)?.[1];
  if (agent) return { status: 200, body: { id: agent, agent_type: 'memgpt_v2_agent' } };
  const after = url.searchParams.get('after');
  const place = after === null ? 0 : stored.find((each) => each.id === after)?.seq;
  if (place === undefined) return { status: 404, body: { detail: `No message found with id '${after}'` } };
  const visible = stored
    .filter((each) => each.committed && each.seq > place)
    .toSorted((one, other) => one.seq - other.seq);
  const limit = Number(url.searchParams.get('limit'));
  const page = url.searchParams.get('order') === 'desc' ? visible.slice(-limit) : visible.slice(0, limit);
  if (page.some(({ isUnreadable }) => isUnreadable))
    return { status: 400, body: { detail: '2 validation errors for UserMessage' } };
  return {
    status: 200,
    body: page.flatMap(({ id, run: run_id, thought }) => [
      ...(thought === undefined ? [] : [{ id, run_id, message_type: 'assistant_message', content: thought }]),
      { id, run_id, message_type: 'assistant_message', content: id },
    ]),
  };
}

beforeEach(async () => {
  stored = [];
  runsAsked = [];
  runsListed = 0;
  now = 0;
  const server = createServer((request, response) => {
    const { status, body } = answer(new URL(request.url ?? '/', 'http://localhost'));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const baseUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  tail = createTail(createRestClient({ baseUrl, log: pino({ level: 'silent' }), timeoutMs: 5_000 }), () => now);
  stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
});
afterEach(() => stop());

describe('the tail of all messages', () => {
  it('[OB10] asks once for the owners of many new runs', async () => {
    const { cursor } = await told(null);
    for (let seq = 1; seq <= 40; seq += 1) store(seq);
    store(41, { run: 'run-gone' });
    const { messages } = await tail.read(cursor, 100);
    expect(messages.map(({ agentId }) => agentId)).toEqual(
      Array.from({ length: 40 }, (_, at) => `agent-of-run-${at + 1}`),
    );
    expect([runsListed, runsAsked]).toEqual([1, ['run-gone']]);
  });

  it('begins with what comes after now, also on an empty server', async () => {
    const empty = await told(null);
    store(1);
    expect((await told(empty.cursor)).ids).toEqual(['message-1']);
    const { ids, cursor } = await told(null);
    expect(ids).toEqual([]);
    expect((await told(cursor)).ids).toEqual([]);
  });

  it('tells a message that was committed after one with a greater number, and none twice', async () => {
    store(1);
    const { cursor } = await told(null);
    store(2, { committed: false });
    store(3);
    const first = await told(cursor);
    expect(first.ids).toEqual(['message-3']);
    for (const each of stored) each.committed = true;
    now += 4_000;
    const second = await told(first.cursor);
    expect(second.ids).toEqual(['message-2']);
    now += 10_000;
    const third = await told(second.cursor);
    expect(third).toEqual({ ids: [], cursor: 'message-3' });
    expect((await told(third.cursor)).ids).toEqual([]);
  });

  it('[LF14] reads on past a message that the server cannot list, and goes on from there', async () => {
    store(1);
    const { cursor } = await told(null);
    for (let seq = 2; seq <= 20; seq += 1) store(seq, { isUnreadable: seq === 9 });
    const first = await tail.read(cursor, 100);
    const others = stored.filter(({ seq }) => seq > 1 && seq !== 9);
    expect(first.messages.map(({ message }) => message.messageId)).toEqual(others.map(({ id }) => id));
    expect(first.messages.map(({ isAfterGap }) => isAfterGap === true)).toEqual(others.map(({ seq }) => seq > 9));
    now += 10_000;
    const second = await told(first.cursor);
    expect(second).toEqual({ ids: [], cursor: 'message-20' });
  });

  it('[LF13] tells what an agent of an older kind thinks from what it says', async () => {
    const { cursor } = await told(null);
    store(1, { thought: 'What shall I say?' });
    const { messages } = await tail.read(cursor, 100);
    expect(messages.map(({ message }) => message)).toMatchObject([
      { messageType: 'reasoning_message', reasoning: 'What shall I say?' },
      { messageType: 'assistant_message', content: 'message-1' },
    ]);
  });

  it('tells the same again when asked again from the same place, and nothing twice from the next', async () => {
    store(1);
    const { cursor } = await told(null);
    store(2);
    const first = await told(cursor);
    expect(first.ids).toEqual(['message-2']);
    expect(await told(cursor)).toEqual(first);
    expect((await told(first.cursor)).ids).toEqual([]);
  });

  it('goes through a backlog in pages', async () => {
    store(1);
    let { cursor } = await told(null);
    for (let seq = 2; seq <= 12; seq += 1) store(seq);
    const all: string[] = [];
    for (let page = await told(cursor, 3); page.ids.length > 0; page = await told(cursor, 3)) {
      all.push(...page.ids);
      cursor = page.cursor;
    }
    expect(all).toEqual(Array.from({ length: 11 }, (_, at) => `message-${at + 2}`));
  });

  it('asks once for each run whose it is, and not at all for one that it knows', async () => {
    store(1);
    const { cursor } = await told(null);
    store(2, { run: 'run-a' });
    store(3, { run: 'run-a' });
    store(4, { run: 'run-b' });
    const mine = { agentId: AgentId.parse('agent-mine'), threadId: 'conv-1' };
    tail.learn('run-b', mine);
    const { messages } = await tail.read(cursor, 100);
    expect(messages.map(({ agentId, threadId }) => [agentId, threadId])).toEqual([
      ['agent-of-run-a', null],
      ['agent-of-run-a', null],
      ['agent-mine', 'conv-1'],
    ]);
    expect(runsAsked).toEqual(['run-a']);
  });

  it('leaves out prompts and what belongs to no run any more', async () => {
    store(1);
    const { cursor } = await told(null);
    store(2, { run: null });
    store(3, { run: 'run-gone' });
    store(4);
    expect((await told(cursor)).ids).toEqual(['message-4']);
  });

  it('finds an older place when the one where it stopped is gone', async () => {
    store(1);
    let { cursor } = await told(null);
    store(2);
    store(3);
    ({ cursor } = await told(cursor));
    now += 10_000;
    ({ cursor } = await told(cursor));
    expect(cursor).toBe('message-3');
    stored = stored.filter((each) => each.seq !== 3);
    store(4);
    const next = await told(cursor);
    expect(next.ids).toContain('message-4');
    expect((await told(next.cursor)).ids).toEqual([]);
  });

  it('goes on from the newest when no place is left', async () => {
    store(7);
    const { cursor } = await told('message-unheard-of');
    store(8);
    expect((await told(cursor)).ids).toEqual(['message-8']);
  });

  it('keeps its cursor small in a storm', async () => {
    store(1);
    let { cursor } = await told(null);
    for (let seq = 2; seq <= 700; seq += 1) {
      store(seq);
      if (seq % 100 !== 0) continue;
      ({ cursor } = await told(cursor, 500));
      expect(cursor?.length).toBeLessThan(5_000);
    }
  });
});
