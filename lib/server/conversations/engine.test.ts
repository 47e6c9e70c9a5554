import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { SeatId } from '@/lib/protocol/ids';
import { askTool, sandboxTalk, tellTool } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { changeConversation } from './change-conversation';

let t: TestRuntime;
const a = SeatId.parse('a');
const { agent, entries, gateway, listed, listener, now, only, open, rest, say, sayElsewhere, state, stopAll } =
  sandboxTalk(() => t);

beforeAll(async () => {
  t = await createTestRuntime();
});
afterAll(() => t.close());
afterEach(() => stopAll());

const within = { timeout: 6_000, interval: 50 };

test('[CV41] Letta delivers by its own tools, and Parley tells both ends as one message; no tool is gated', async () => {
  const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: 'I heard you' }])];
  const talk = await open([alice, bob], { conveyance: 'engine' });
  expect((await gateway().findAgent(alice))?.approvalTools).toEqual([]);
  await say(talk, a, [
    { call: { tool: askTool, arguments: { message: 'Hello Bob', other_agent_id: bob } } },
    { say: 'he heard me' },
  ]);
  await rest(talk);
  await expect.poll(async () => (await only(talk, 'message.received')).length, within).toBe(1);
  const [sent] = await only(talk, 'message.sent');
  const [received] = await only(talk, 'message.received');
  expect(sent).toMatchObject({ from: 'a', to: 'b', content: 'Hello Bob', mode: 'reply', carrier: 'engine' });
  expect(received).toMatchObject({ conveyanceId: sent?.conveyanceId, from: 'a', to: 'b', content: 'Hello Bob' });
  const [arrived] = (await listed(bob)).filter(({ content }) => content?.includes('Hello Bob'));
  expect(arrived).toMatchObject({ senderId: null, otid: received?.otid });
  expect(arrived?.content).toContain('Hello Bob\nhello bob');
  expect(await only(talk, 'message.answered')).toMatchObject([
    { conveyanceId: sent?.conveyanceId, text: `{'agent_id': '${bob}', 'response': ['I heard you']}` },
  ]);
  const seen = (await only(talk, 'message.seen')).map(({ content }) => content);
  expect(seen).toEqual(expect.arrayContaining(['I heard you', 'he heard me']));
  expect(await now(talk)).toMatchObject({ conveyance: 'engine', turns: 1, observed: false });
});

test('[CV41] agents that talk for a while are told message by message, each arrival with its call, past any limit', async () => {
  const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: 'yes' }])];
  const talk = await open([alice, bob], { conveyance: 'engine', maxTurns: 1 });
  const call = (message: string) => ({ call: { tool: askTool, arguments: { message, other_agent_id: bob } } });
  await sayElsewhere(alice, [call('same'), call('same'), call('Other'), { say: 'done' }]);
  await expect.poll(async () => (await only(talk, 'message.answered')).length, within).toBe(3);
  await expect.poll(async () => (await only(talk, 'message.received')).length, within).toBe(3);
  const ends = (await entries(talk)).flatMap((entry) =>
    entry.type === 'message.sent' || entry.type === 'message.received' ? [entry.payload] : [],
  );
  expect(new Set(ends.map(({ conveyanceId }) => conveyanceId)).size).toBe(3);
  expect(await now(talk)).toMatchObject({ turns: 3, state: 'idle' });
  const { rows } = await t.database.pool.query('SELECT 1 FROM engine_message WHERE conversation_id = $1', [talk.id]);
  expect(rows).toEqual([]);
});

test('[CV42] a message that Letta could not deliver says so', async () => {
  const [alice, bob] = [await agent('Alice'), await agent('Bob')];
  const talk = await open([alice, bob], { conveyance: 'engine' });
  const nobody = 'agent-00000000-0000-4000-8000-000000000000';
  await say(talk, a, [
    { call: { tool: tellTool, arguments: { message: 'x', other_agent_id: nobody } } },
    { say: 'ok' },
  ]);
  await rest(talk);
  expect(await only(talk, 'message.delivery_failed')).toMatchObject([{ outcome: 'failed', carrier: 'engine' }]);
});

test('[CV47] what was said before a conversation is in its transcript, and no message of it', async () => {
  const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: 'yes' }])];
  await sayElsewhere(alice, [
    { call: { tool: tellTool, arguments: { message: 'earlier', other_agent_id: bob } } },
    { say: 'done' },
  ]);
  const talk = await open([alice, bob], { conveyance: 'engine' });
  expect((await only(talk, 'message.seen')).some(({ content }) => content?.includes('earlier'))).toBe(true);
  expect(await only(talk, 'message.sent')).toEqual([]);
  expect((await now(talk)).turns).toBe(0);
});

test('[CV48] a pause holds what people say; what Letta delivers by itself goes on', async () => {
  const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: 'yes' }])];
  const talk = await open([alice, bob], { conveyance: 'engine' });
  await changeConversation(t.rt, t.ana, talk.id, { state: 'paused' });
  await say(talk, a, [{ say: 'held' }]);
  await sayElsewhere(alice, [
    { call: { tool: askTool, arguments: { message: 'by itself', other_agent_id: bob } } },
    { say: 'ok' },
  ]);
  await expect.poll(async () => (await only(talk, 'message.received')).length, within).toBe(1);
  expect(await only(talk, 'turn.started')).toEqual([]);
  await changeConversation(t.rt, t.ana, talk.id, { state: 'running' });
  await expect.poll(async () => (await only(talk, 'turn.ended')).length, within).toBe(1);
});

test('[CV32] an engine conversation is renamed and stopped like any other', async () => {
  const [alice, bob] = [await agent('Alice'), await agent('Bob')];
  const talk = await open([alice, bob], { conveyance: 'engine' });
  await changeConversation(t.rt, t.ana, talk.id, { title: 'Watched', state: 'stopped' });
  expect(await now(talk)).toMatchObject({ title: 'Watched', state: 'stopped' });
  expect((await open([alice, bob])).state).toBe('idle');
  expect(await state(talk)).toBe('stopped');
});
