import { afterAll, beforeAll, expect, test } from 'vitest';
import { SeatId } from '@/lib/protocol/ids';
import { TalkFigures } from '@/lib/protocol/talk-figures';
import { sandboxTalk } from '@/lib/testing/sandbox-talk';
import { type ServedApi, serveApi } from '@/lib/testing/served-api';

let api: ServedApi;
let names: Record<string, string>;
let id: string;
const ASYNC = 'send_message_to_agent_async';
const WAIT = 'send_message_to_agent_and_wait_for_reply';
const a = SeatId.parse('a');
const { agent, open, rest, say, listener } = sandboxTalk(() => api.t);

beforeAll(async () => {
  api = await serveApi();
  const bob = await listener('Bob', [{ say: 'Seven owls.' }]);
  const alice = await agent('Alice');
  names = { [alice]: 'Alice', [bob]: 'Bob' };
  const talk = await open([alice, bob]);
  id = talk.id;
  const call = (tool: string, message: string) => ({ tool, arguments: { message, other_agent_id: bob } });
  await say(talk, a, [{ call: call(ASYNC, 'Nothing \u0000 to answer') }, { say: 'told him' }]);
  await rest(talk);
  await say(talk, a, [{ call: call(WAIT, 'How many owls?') }, { say: 'asked him' }]);
  await rest(talk);
});
afterAll(() => api.close());

const read = async (query = '') =>
  TalkFigures.parse((await api.by.viewer.ask('GET', `/api/metrics/talk${query}`)).body);

test('[MT6] who wrote to whom, how often, and where that stands', async () => {
  const { messages, agents, pairs } = await read();
  expect(messages).toBe(2);
  expect(agents.map(({ name, messages: own }) => [name, own])).toEqual([
    ['Alice', 2],
    ['Bob', 2],
  ]);
  const [first] = pairs;
  expect([names[first?.from ?? ''], names[first?.to ?? ''], first?.messages]).toEqual(['Alice', 'Bob', 2]);
  const [newest] = first?.newest ?? [];
  expect(newest).toMatchObject({ conversationId: id, fromSeat: 'a', toSeat: 'b', valueMs: expect.any(Number) });
  const { items } = (await api.by.viewer.ask('GET', `/api/audit/entries?after=${(newest?.entry ?? 0) - 1}&limit=1`))
    .body;
  expect(items).toMatchObject([
    { type: 'message.received', stream: `conversation:${id}`, streamSeq: newest?.streamSeq },
  ]);
});

test('[MT5] [MT6] what answers a call that waits is an answer, a receipt is none', async () => {
  const { answers, pairs, agents, targetMs } = await read();
  expect({ answers, targetMs }).toEqual({ answers: 1, targetMs: 30_000 });
  const answered = pairs.find(({ answers: own }) => own > 0);
  expect([names[answered?.from ?? ''], answered?.slowest.length, answered?.over]).toEqual(['Bob', 1, 0]);
  expect(agents.map(({ name, p50Ms }) => [name, p50Ms === null])).toEqual([
    ['Alice', true],
    ['Bob', false],
  ]);
});

test('[MT6] what lies outside the time that is asked for is left out', async () => {
  expect(await read('?to=2020-01-01T00:00:00Z')).toMatchObject({ messages: 0, agents: [], pairs: [] });
  expect((await api.by.viewer.ask('GET', '/api/metrics/talk?from=yesterday')).status).toBe(400);
});

test('[MT4] Prometheus gets the same answers', async () => {
  const scraped = await fetch(`${api.url}/metrics`, { headers: { Authorization: `Bearer ${api.keys.viewer}` } });
  expect(await scraped.text()).toContain('parley_talk_answer_seconds_count 1');
});
