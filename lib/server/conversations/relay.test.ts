import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { SeatId } from '@/lib/protocol/ids';
import { sandboxTalk } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { archiveConversation, changeConversation } from './change-conversation';

let t: TestRuntime;
const [a, b] = [SeatId.parse('a'), SeatId.parse('b')];
const { agent, gateway, heard, listed, listener, now, only, open, rest, say, sayElsewhere, state, stopAll } =
  sandboxTalk(() => t);

beforeAll(async () => {
  t = await createTestRuntime();
});
afterAll(() => t.close());
afterEach(() => stopAll());

test('[CV36] what an agent says is carried to the other seat as an incoming message, and no tool is gated', async () => {
  const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: ' ' }])];
  const talk = await open([alice, bob], { conveyance: 'relay' });
  await say(talk, a, [{ say: 'Hello Bob' }]);
  await rest(talk);
  const [sent] = await only(talk, 'message.sent');
  expect(sent).toMatchObject({ from: 'a', to: 'b', content: 'Hello Bob', mode: 'none', toolCallId: null });
  const said = (await listed(alice)).find((message) => message.content === 'Hello Bob');
  expect(sent?.messageId).toBe(said?.messageId);
  const [received] = await only(talk, 'message.received');
  expect(received).toMatchObject({ conveyanceId: sent?.conveyanceId, from: 'a', to: 'b', content: 'Hello Bob' });
  const wrapped = `[Incoming message from agent with ID '${alice}' - your response will be delivered to the sender] Hello Bob`;
  expect(await heard(bob, 'Hello Bob')).toMatchObject([{ content: wrapped, otid: received?.otid, senderId: alice }]);
  expect((await gateway().findAgent(alice))?.approvalTools).toEqual([]);
  expect(await now(talk)).toMatchObject({ turns: 1, state: 'idle', conveyance: 'relay' });
});

test('[CV37] a relay goes back and forth until the limit, says so, and stops', async () => {
  const [alice, bob] = [await listener('Alice', [{ say: 'ping' }]), await listener('Bob', [{ say: 'pong' }])];
  const talk = await open([alice, bob], { conveyance: 'relay', maxTurns: 5 });
  await say(talk, a, [{ say: 'begin' }]);
  await expect.poll(() => state(talk), { timeout: 15_000 }).toBe('stopped');
  await rest(talk);
  const carried = (await only(talk, 'message.received')).map(({ from, content }) => `${from}: ${content}`);
  expect(carried).toEqual(['a: begin', 'b: pong', 'a: ping', 'b: pong', 'a: ping']);
  expect(await only(talk, 'conversation.stopped')).toMatchObject([{ why: 'turn_limit' }]);
  expect(await only(talk, 'message.delivery_failed')).toMatchObject([{ outcome: 'refused' }]);
  expect(await only(talk, 'message.answered')).toEqual([]);
});

test('[CV38] what an agent says to somebody who speaks to it elsewhere stays with them', async () => {
  const [alice, bob] = [await agent('Alice'), await agent('Bob')];
  const talk = await open([alice, bob], { conveyance: 'relay' });
  await sayElsewhere(alice, [{ say: 'between us' }]);
  await expect
    .poll(async () => (await only(talk, 'message.seen')).some(({ content }) => content === 'between us'), {
      timeout: 5_000,
    })
    .toBe(true);
  expect(await only(talk, 'message.sent')).toEqual([]);
});

test('[CV39] with more than two seats the words go around', async () => {
  const [alice, bob, carol] = [await agent('Alice'), await listener('Bob', [{ say: 'two' }]), await agent('Carol')];
  const talk = await open([alice, bob, carol], { conveyance: 'relay', maxTurns: 2 });
  await say(talk, a, [{ say: 'one' }]);
  await expect.poll(() => state(talk), { timeout: 15_000 }).toBe('stopped');
  const carried = (await only(talk, 'message.sent')).slice(0, 2).map(({ from, to, content }) => [from, to, content]);
  expect(carried).toEqual([
    ['a', 'b', 'one'],
    ['b', 'c', 'two'],
  ]);
});

test('[CV40] [CV49] each finished message of a turn is carried by itself, in order, whatever the agent did in between', async () => {
  const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: ' ' }])];
  const talk = await open([alice, bob], { conveyance: 'relay' });
  const call = { tool: 'conversation_search', arguments: { query: 'x' } };
  await say(talk, a, [{ say: 'let me look', call }, { say: 'found it' }]);
  await rest(talk);
  expect((await only(talk, 'message.received')).map(({ content }) => content)).toEqual(['let me look', 'found it']);
});

test('[CV14] a paused relay carries nothing; resumed, it goes on', async () => {
  const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: ' ' }])];
  const talk = await open([alice, bob], { conveyance: 'relay' });
  await say(talk, a, [{ say: 'hello', stallMs: 400 }]);
  await expect.poll(async () => (await only(talk, 'turn.started')).length).toBe(1);
  await changeConversation(t.rt, t.ana, talk.id, { state: 'paused' });
  await expect.poll(async () => (await only(talk, 'turn.ended')).length, { timeout: 5_000 }).toBe(1);
  expect(await only(talk, 'message.sent')).toHaveLength(1);
  expect(await only(talk, 'message.received')).toEqual([]);
  await changeConversation(t.rt, t.ana, talk.id, { state: 'running', title: 'Renamed' });
  await expect.poll(async () => (await only(talk, 'message.received')).length, { timeout: 5_000 }).toBe(1);
  expect((await now(talk)).title).toBe('Renamed');
});

test('[CV18] a relay that is cut off by a stop of Parley goes on when it comes back: nothing is said twice', async () => {
  const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: ' ' }])];
  const talk = await open([alice, bob], { conveyance: 'relay' });
  await say(talk, a, [{ say: 'slow words', stallMs: 1_200 }]);
  await expect.poll(async () => (await only(talk, 'turn.started')).length).toBe(1);
  await t.restart();
  await expect.poll(() => state(talk), { timeout: 20_000 }).toBe('idle');
  expect((await heard(bob, 'slow words')).length).toBeLessThanOrEqual(1);
}, 30_000);

test('[CV15] stopping or archiving a relay gives up what has not gone out, and nothing more is carried', async () => {
  const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: 'back' }])];
  const talk = await open([alice, bob], { conveyance: 'relay' });
  await changeConversation(t.rt, t.ana, talk.id, { maxTurns: 9 });
  await say(talk, b, [{ say: ' ', stallMs: 3_000 }]);
  await say(talk, a, [{ say: 'are you free?' }]);
  await expect.poll(async () => (await only(talk, 'message.sent')).length, { timeout: 10_000 }).toBe(1);
  await archiveConversation(t.rt, t.ana, talk.id);
  expect(await only(talk, 'message.delivery_failed')).toMatchObject([{ outcome: 'dropped' }]);
  await expect.poll(async () => (await only(talk, 'turn.ended')).length, { timeout: 10_000 }).toBe(2);
  expect(await heard(bob, 'are you free?')).toEqual([]);
  expect((await only(talk, 'message.sent')).length).toBe(1);
});
