import { afterAll, beforeAll, expect, test } from 'vitest';
import { Conversation } from '@/lib/protocol/conversation';
import { knownEntry, WireEntry } from '@/lib/protocol/entry';
import { pageOf } from '@/lib/protocol/page';
import { type ServedApi, serveApi } from '@/lib/testing/served-api';

let api: ServedApi;
let agents = 0;
const Entries = pageOf(WireEntry);

beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

const ask = async (method: string, path: string, body?: unknown) => (await api.by.admin.ask(method, path, body)).body;

async function makeAgent(script: object[] = []): Promise<string> {
  agents += 1;
  const made = await ask('POST', '/api/agents', {
    ...{ name: `Agent ${agents}`, server: 'sandbox', model: 'sandbox/scripted', tools: [ASYNC] },
    ...(script.length > 0 && { blocks: [{ label: 'script', value: JSON.stringify({ script }) }] }),
  });
  return String(made['id']);
}
const ASYNC = 'send_message_to_agent_async';

async function open(one: string, other: string): Promise<string> {
  const opened = await api.by.operator.ask('POST', '/api/conversations', {
    seats: [{ agentId: one }, { agentId: other }],
  });
  expect(opened.status).toBe(201);
  return Conversation.parse(opened.body).id;
}
const entriesOf = async (id: string, query = 'limit=500') =>
  Entries.parse(await ask('GET', `/api/conversations/${id}/entries?${query}`));
const stateOf = async (id: string) => (await ask('GET', `/api/conversations/${id}`))['state'];

test('[AP5] speaking is answered 202 with the entry as the history has it', async () => {
  const id = await open(await makeAgent([{ say: 'hello' }]), await makeAgent());
  const spoken = await api.by.reviewer.ask('POST', `/api/conversations/${id}/messages`, {
    to: 'a',
    content: 'hi there',
  });
  expect(spoken.status).toBe(202);
  const entry = WireEntry.parse(spoken.body);
  expect(entry).toMatchObject({
    stream: `conversation:${id}`,
    type: 'message.spoken',
    actor: { kind: 'person', id: 'automation', name: 'automation' },
    cause: null,
    payload: { to: 'a', content: 'hi there', personId: 'automation' },
  });
  expect(knownEntry(entry)).not.toBeNull();
  await expect.poll(() => stateOf(id)).toBe('idle');
  const { items } = await entriesOf(id);
  expect(items.find((each) => each.id === entry.id)).toEqual(entry);
});

test('[AP5] who may not speak, a seat that is not there and a conversation that is stopped are told so', async () => {
  const id = await open(await makeAgent(), await makeAgent());
  const address = `/api/conversations/${id}/messages`;
  expect((await api.by.viewer.ask('POST', address, { to: 'a', content: 'x' })).status).toBe(403);
  expect(await api.by.reviewer.ask('POST', address, { to: 'c', content: 'x' })).toMatchObject({
    status: 400,
    body: { error: { code: 'request.invalid', fields: { to: expect.any(String) } } },
  });
  await ask('PATCH', `/api/conversations/${id}`, { state: 'stopped' });
  expect(await api.by.reviewer.ask('POST', address, { to: 'a', content: 'x' })).toMatchObject({
    status: 409,
    body: { error: { code: 'conversation.state' } },
  });
});

test('[AP6] history goes either way from a cursor, always ascends, and is the same whatever the size of its pages', async () => {
  const id = await open(await makeAgent([{ say: 'one' }, { say: 'two' }]), await makeAgent());
  for (const content of ['a', 'b', 'c']) await ask('POST', `/api/conversations/${id}/messages`, { to: 'a', content });
  await expect.poll(() => stateOf(id)).toBe('idle');
  const seen = async () => (await entriesOf(id)).items.flatMap(({ payload }) => payload?.['content'] ?? []);
  await expect.poll(async () => (await seen()).filter((content) => content === 'c')).toHaveLength(2); // spoken, and seen
  const whole = (await entriesOf(id)).items;
  expect(whole.map((entry) => entry.streamSeq)).toEqual(whole.map((_, index) => index + 1));
  expect(whole.length).toBeGreaterThan(8);
  for (const limit of [1, 3, whole.length, 500]) {
    const forwards: WireEntry[] = [];
    for (let after: string | null = '0'; after !== null; ) {
      const page = await entriesOf(id, `limit=${limit}&after=${after}`);
      forwards.push(...page.items);
      after = page.next;
    }
    expect(forwards).toEqual(whole);
    const backwards: WireEntry[] = [];
    for (let before: string | null = String(whole.length + 1); before !== null; ) {
      const page = await entriesOf(id, `limit=${limit}&before=${before}`);
      backwards.unshift(...page.items);
      before = page.next;
    }
    expect(backwards).toEqual(whole);
  }
  const middle = whole[Math.floor(whole.length / 2)]?.receivedAt ?? '';
  expect((await entriesOf(id, `from=${middle}`)).items).toEqual(whole.filter((entry) => entry.receivedAt >= middle));
  expect((await entriesOf(id, 'from=2100-01-01T00:00:00Z')).items).toEqual([]);
  expect((await entriesOf(id, `after=${whole.length}`)).items).toEqual([]);
  expect((await entriesOf(id, 'before=1')).items).toEqual([]);
  expect(await api.by.viewer.ask('GET', `/api/conversations/${id}/entries?after=1&before=2`)).toMatchObject({
    status: 400,
  });
});

test('[CV35] U+0000 in what people and agents say travels as it was said', async () => {
  const bob = await makeAgent([{ say: 'you said a\0b' }]);
  const alice = await makeAgent([
    { call: { tool: ASYNC, arguments: { message: 'one\0two', other_agent_id: bob } } },
    { say: 'sent' },
  ]);
  const id = await open(alice, bob);
  const spoken = await api.by.reviewer.ask('POST', `/api/conversations/${id}/messages`, { to: 'a', content: 'x\0y' });
  expect(spoken).toMatchObject({ status: 202, body: { payload: { content: 'x\0y' } } });
  await expect
    .poll(async () => (await entriesOf(id)).items.filter(({ type }) => type === 'message.received').length)
    .toBe(1);
  await expect.poll(() => stateOf(id)).toBe('idle');
  const told = (type: string) =>
    items.filter((entry) => entry.type === type).map((entry) => entry.payload?.['content']);
  const { items } = await entriesOf(id);
  expect([told('message.sent'), told('message.received')]).toEqual([['one\0two'], ['one\0two']]);
});

test('[AP7] of two that seat the same agent at once one is refused with 409', async () => {
  const shared = await makeAgent();
  const others = await Promise.all(Array.from({ length: 6 }, () => makeAgent()));
  const answers = await Promise.all(
    others.map((other) =>
      api.by.operator.ask('POST', '/api/conversations', { seats: [{ agentId: shared }, { agentId: other }] }),
    ),
  );
  const codes = answers.map(({ status, body }) => (status === 201 ? 201 : (body['error'] as { code: string }).code));
  expect(codes.sort()).toEqual([201, ...Array(5).fill('agent.seated')].sort());
});

test('[AP7] a conversation goes through its states by PATCH, and out of the lists by DELETE', async () => {
  const id = await open(await makeAgent(), await makeAgent());
  const change = async (body: object) => (await api.by.operator.ask('PATCH', `/api/conversations/${id}`, body)).body;
  expect(await change({ title: ' Renamed ' })).toMatchObject({ title: 'Renamed', state: 'idle' });
  expect(await change({ state: 'paused' })).toMatchObject({ state: 'paused' });
  expect(await change({ state: 'running', maxTurns: 7 })).toMatchObject({ state: 'idle', maxTurns: 7 });
  expect(await change({ state: 'stopped' })).toMatchObject({ state: 'stopped', stoppedReason: expect.any(String) });
  expect(await change({ state: 'running' })).toMatchObject({ error: { code: 'conversation.state' } });
  expect((await api.by.operator.ask('DELETE', `/api/conversations/${id}`)).status).toBe(200);
  const listed = await ask('GET', '/api/conversations?limit=500');
  expect((listed['items'] as { id: string }[]).map((each) => each.id)).not.toContain(id);
  expect(await ask('GET', `/api/conversations/${id}`)).toMatchObject({ id, state: 'stopped' });
});
