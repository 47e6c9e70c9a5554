import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ChangeAgent } from '@/lib/protocol/agent';
import { SeatId } from '@/lib/protocol/ids';
import { sandboxTalk } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { changeAgent } from '../agents/change-agent';

let t: TestRuntime;
const a = SeatId.parse('a');
const { agent, entries, gateway, listener, now, only, open, rest, say, sayElsewhere, stopAll } = sandboxTalk(() => t);

beforeAll(async () => {
  t = await createTestRuntime();
});
afterAll(() => t.close());
afterEach(() => stopAll());

const within = { timeout: 6_000, interval: 50 };
const tools = ['core_memory_append', 'conversation_search'];
const append = (content: string) => ({ call: { tool: 'core_memory_append', arguments: { label: 'human', content } } });
const rememberer = (name: string) => agent(name, { tools, human: 'Likes tea.' });

test('[CV53] what an agent writes into its memory is told at its moment, and nothing where nothing changed', async () => {
  const talk = await open([await rememberer('Alice'), await agent('Bob')]);
  await say(talk, a, [append('Likes coffee.'), { say: 'noted' }]);
  await rest(talk);
  await expect.poll(async () => (await only(talk, 'memory.changed')).length, within).toBe(1);
  const change = { seat: 'a', label: 'human', before: 'Likes tea.', after: 'Likes tea.\nLikes coffee.' };
  expect(await only(talk, 'memory.changed')).toEqual([change]);
  await say(talk, a, [{ call: { tool: 'conversation_search', arguments: { query: 'tea' } } }, { say: 'looked' }]);
  await say(talk, a, [{ say: 'nothing new' }]);
  await rest(talk);
  expect(await only(talk, 'memory.changed')).toHaveLength(1);
});

test('[CV53] what a person changes is told as theirs, and what an agent learns elsewhere within seconds', async () => {
  const alice = await rememberer('Alice');
  const talk = await open([alice, await agent('Bob')], { conveyance: 'relay' });
  const wanted = ChangeAgent.parse({ blocks: [{ label: 'human', value: 'Likes water.' }] });
  await changeAgent(t.rt, t.ana, alice, wanted);
  const [first] = (await entries(talk)).filter(({ type }) => type === 'memory.changed');
  expect(first).toMatchObject({ actor: { name: 'Ana' }, payload: { before: 'Likes tea.', after: 'Likes water.' } });
  await changeAgent(t.rt, t.ana, alice, wanted);
  await sayElsewhere(alice, [append('And juice.'), { say: 'noted' }]);
  await expect.poll(async () => (await only(talk, 'memory.changed')).length, within).toBe(2);
});

test('[CV54] an agent that is deleted past Parley while it works stops its conversations', async () => {
  const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: 'x' }])];
  const talk = await open([alice, bob]);
  await gateway().deleteAgent(alice);
  await say(talk, a, [{ say: 'never' }]);
  await expect.poll(async () => (await now(talk)).state, within).toBe('stopped');
  expect(await only(talk, 'conversation.stopped')).toMatchObject([{ why: 'agent_deleted' }]);
  expect(await only(talk, 'turn.ended')).toMatchObject([{ seat: 'a', error: expect.any(String) }]);
});
