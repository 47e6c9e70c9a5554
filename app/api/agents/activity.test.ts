import { afterAll, beforeAll, expect, test } from 'vitest';
import { AgentActivity } from '@/lib/protocol/agent';
import { SeatId } from '@/lib/protocol/ids';
import { askTool, sandboxServer, sandboxTalk, tellTool } from '@/lib/testing/sandbox-talk';
import { type ServedApi, serveApi } from '@/lib/testing/served-api';

let api: ServedApi;
const a = SeatId.parse('a');
const { agent, gateway, listener, open, rest, say, sayElsewhere } = sandboxTalk(() => api.t);

beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

test('[CV55] an agent’s threads, newest runs with their cost, and gated tools are told', async () => {
  const [alice, bob] = [await agent('Alice'), await agent('Bob')];
  const { url } = api.t.rt.letta.require(sandboxServer).status;
  const made = await fetch(`${url}/v1/conversations?agent_id=${alice}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ summary: 'Beside' }),
  });
  const { id: threadId } = await made.json();
  await gateway().setApproval(alice, askTool, true);
  await sayElsewhere(alice, [{ say: 'not ours' }]);
  const talk = await open([alice, bob]);
  await say(talk, a, [{ say: 'ours' }]);
  await rest(talk);
  const { status, body } = await api.by.viewer.ask('GET', `/api/agents/${alice}/activity`);
  expect(status).toBe(200);
  const { threads, runs, gates } = AgentActivity.parse(body);
  expect(threads).toMatchObject([
    { threadId: null, conversationId: talk.id, lastMessageAt: expect.any(String) },
    { threadId, title: 'Beside', conversationId: null },
  ]);
  expect(runs).toMatchObject([
    { status: 'completed', conversationId: talk.id, usage: { totalTokens: expect.any(Number) } },
    { status: 'completed', conversationId: null },
  ]);
  expect(gates).toEqual(
    expect.arrayContaining([
      { tool: askTool, by: 'somebody else' },
      { tool: tellTool, by: 'parley' },
    ]),
  );
});

test('[CV56] [OB2] what was before a transcript is read page by page, and not recorded', async () => {
  const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: 'yes' }])];
  for (const word of ['one', 'two', 'three']) await sayElsewhere(alice, [{ say: word }]);
  const call = { tool: askTool, arguments: { message: 'hello', other_agent_id: bob } };
  await sayElsewhere(alice, [{ call }, { say: 'done' }]);
  const observed = async () => {
    const { body } = await api.by.viewer.ask('GET', '/api/conversations?limit=500');
    const { items } = body as { items: { id: string; observed: boolean; seats: { agentId: string }[] }[] };
    return items.find((each) => each.observed && each.seats.some(({ agentId }) => agentId === alice));
  };
  await expect.poll(async () => (await observed()) !== undefined, { timeout: 6_000 }).toBe(true);
  const id = (await observed())?.id ?? '';
  const past: string[] = [];
  for (let before = ''; ; ) {
    const query = `seat=a&limit=2${before === '' ? '' : `&before=${before}`}`;
    const { status, body } = await api.by.viewer.ask('GET', `/api/conversations/${id}/past?${query}`);
    expect(status).toBe(200);
    const { items, next } = body as { items: { content?: string }[]; next: string | null };
    past.unshift(...items.flatMap(({ content }) => (content && !content.includes('script') ? [content] : [])));
    if (next === null) break;
    before = next;
  }
  expect(past.filter((said) => ['one', 'two', 'three', 'done'].includes(said))).toEqual(['one', 'two', 'three']);
  const bad = await api.by.viewer.ask('GET', `/api/conversations/${id}/past?seat=a&before=message-nothing`);
  expect(bad).toMatchObject({ status: 400, body: { error: { fields: { before: expect.any(String) } } } });
  expect((await api.by.viewer.ask('GET', `/api/conversations/${id}/past?seat=q`)).status).toBe(400);
});
