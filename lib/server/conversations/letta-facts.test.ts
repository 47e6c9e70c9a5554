import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { Conversation } from '@/lib/protocol/conversation';
import { type AgentId, SeatId, ServerName } from '@/lib/protocol/ids';
import { first, inReview, reviewDesk } from '@/lib/testing/review-desk';
import { askTool, sandboxServer, sandboxTalk, tellTool } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { type BreakableProxy, openBreakableProxy } from '../letta/breakable-proxy';
import { createRestGateway } from '../letta/rest';
import { type RunningSandbox, startSandbox } from '../letta/sandbox/start-sandbox';
import { changeConversation } from './change-conversation';
import { interruptSeat } from './interrupt-seat';

let t: TestRuntime;
/** A server of its own, at the end of a way that can be broken. */
let far: { sandbox: RunningSandbox; way: BreakableProxy };
let stalled: { talk: Conversation; alice: AgentId; bob: AgentId };

const farServer = ServerName.parse('far');
const [a, b] = [SeatId.parse('a'), SeatId.parse('b')];
const talk = sandboxTalk(() => t);
const { agent, heard, listed, listener, only, open, rest, say, sayElsewhere, state } = talk;
const desk = reviewDesk(() => t);
const within = { timeout: 20_000, interval: 50 };
const STALL_MS = 61_000;

beforeAll(async () => {
  t = await createTestRuntime();
  await desk.seatPeople();
  const { pool } = t.database;
  const sandbox = await startSandbox({
    pool,
    workspaceId: randomUUID(),
    host: '127.0.0.1',
    log: t.rt.log,
    paceMs: 'instant',
  });
  far = { sandbox, way: await openBreakableProxy(sandbox.url) };
  await t.rt.letta.add(t.ana.actor, { name: farServer, dialect: 'rest', url: far.way.url });
  // It stands still for as long as the other tests take, and somewhat longer.
  const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ stallMs: STALL_MS, say: 'At last.' }])];
  stalled = { talk: await open([alice, bob]), alice, bob };
  const call = { tool: askTool, arguments: { message: 'Are you asleep?', other_agent_id: bob } };
  await say(stalled.talk, a, [{ call }, { say: 'He is awake.' }]);
}, 60_000);
afterAll(async () => {
  await t.close();
  await far.way.stop();
  await far.sandbox.stop();
}, 60_000);

const farPair = async () => [await agent('Alice', { server: farServer }), await agent('Bob', { server: farServer })];
/** Past the way that is broken. */
const straight = () => createRestGateway({ baseUrl: far.sandbox.url, log: t.rt.log });
const listedThere = (agentId: AgentId) => straight().listMessages({ agentId, threadId: null }, { limit: 1_000 });
const seenIn = async (one: Conversation, seat: SeatId) =>
  (await only(one, 'message.seen')).filter((message) => message.seat === seat);
const nameOf = ({ messageType, messageId }: { messageType: string; messageId: string }) =>
  `${messageType} ${messageId}`;
const present = <Value>(value: Value | undefined): Value => {
  if (value === undefined) throw new Error('there is none');
  return value;
};

test('[LF1] a message whose connection breaks in mid-turn is one turn, and its reply comes once', async () => {
  const seats = await farPair();
  const one = await open(seats);
  await say(one, a, [{ say: 'one two three', stallMs: 700, stallAfterTokens: 1 }]);
  await expect.poll(async () => (await straight().listRuns(present(seats[0]), new Date(0))).length, within).toBe(1);
  far.way.cut();
  await rest(one);
  expect(await only(one, 'turn.ended')).toMatchObject([{ stopReason: 'end_turn', error: null }]);
  expect(await straight().listRuns(present(seats[0]), new Date(0))).toHaveLength(1);
  const said = (await seenIn(one, a)).filter(({ content }) => content === 'one two three');
  expect(said).toHaveLength(1);
});

test('[LF2] a message whose answer is lost is looked up by its id, and not sent again', async () => {
  const seats = await farPair();
  const one = await open(seats);
  await expect.poll(async () => (await only(one, 'message.seen')).length, within).toBe(2); // their prompts
  far.way.mute();
  await say(one, a, [{ say: 'heard you' }]);
  await expect.poll(async () => (await listedThere(present(seats[0]))).at(-1)?.content, within).toBe('heard you');
  far.way.heal();
  far.way.cut();
  await rest(one);
  const [spoken] = await only(one, 'message.spoken');
  expect((await listedThere(present(seats[0]))).filter(({ otid }) => otid === spoken?.otid)).toHaveLength(1);
  expect(await only(one, 'turn.ended')).toMatchObject([{ stopReason: 'end_turn', error: null }]);
  expect((await seenIn(one, a)).filter(({ content }) => content === 'heard you')).toHaveLength(1);
}, 40_000);

test('[LF3] whoever speaks at once, the agent hears one after the other and forgets nobody', async () => {
  const [alice, bob] = [await agent('Alice'), await agent('Bob')];
  const one = await open([alice, bob]);
  const call = { tool: tellTool, arguments: { message: 'me too', other_agent_id: alice } };
  await Promise.all([
    say(one, a, [{ say: 'first', stallMs: 300 }]),
    say(one, a, [{ say: 'second', stallMs: 300 }]),
    say(one, b, [{ call }, { say: 'told her' }]),
  ]);
  await rest(one);
  expect(await heard(alice, 'me too')).toHaveLength(1);
  const { url } = t.rt.letta.require(sandboxServer).status;
  const Context = z.object({ message_ids: z.array(z.string()) });
  const { message_ids: context } = Context.parse(await (await fetch(`${url}/v1/agents/${alice}`)).json());
  const ids = (await listed(alice)).map(({ messageId }) => messageId);
  expect(ids.filter((id) => !context.includes(id))).toEqual([]);
});

test('[LF4] of two people who decide at once, one is heard, and one answer goes out', async () => {
  const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: 'thanks' }])];
  const one = await open([alice, bob], { edges: [inReview()] });
  await say(one, a, [
    { call: { tool: tellTool, arguments: { message: 'only once', other_agent_id: bob } } },
    { say: 'ok' },
  ]);
  const draft = first(await desk.parked(one));
  const both = await Promise.allSettled([desk.decide(draft, 'approve'), desk.decide(draft, 'approve', {}, desk.ben())]);
  expect(both.filter(({ status }) => status === 'rejected')).toMatchObject([
    { reason: { code: 'draft.already_decided' } },
  ]);
  await desk.delivered(draft);
  await rest(one);
  expect(await heard(bob, 'only once')).toHaveLength(1);
  const answers = (await listed(alice)).filter(({ messageType }) => messageType === 'approval_response_message');
  expect(answers).toHaveLength(1);
});

test('[LF5] words that the server makes up for a late second answer are nobody’s, and what comes of them is told', async () => {
  const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: 'yes' }])];
  const one = await open([alice, bob]);
  await say(one, a, [{ call: { tool: tellTool, arguments: { message: 'hi', other_agent_id: bob } } }, { say: 'sent' }]);
  await rest(one);
  const [{ toolCallId } = { toolCallId: '' }] = await only(one, 'message.answered');
  const before = (await listed(alice)).length;
  const { url } = t.rt.letta.require(sandboxServer).status;
  const late = { type: 'tool', tool_call_id: toolCallId, tool_return: 'again', status: 'success' };
  const answer = await fetch(`${url}/v1/agents/${alice}/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ messages: [{ type: 'approval', approvals: [late] }] }),
  });
  expect(answer.status).toBe(200);
  const raw = z.array(z.looseObject({ content: z.unknown().optional() }));
  const there = raw.parse(await (await fetch(`${url}/v1/agents/${alice}/messages?limit=100`)).json());
  expect(JSON.stringify(there)).toContain('keep-alive ping'); // else nothing is shown here
  await expect.poll(async () => (await seenIn(one, a)).length, within).toBe(before + 1);
  const told = await seenIn(one, a);
  expect(told.at(-1)).toMatchObject({
    messageType: 'assistant_message',
    content: expect.stringContaining('keep-alive'),
  });
  const madeUp = told.filter(({ content }) => content?.includes('keep-alive ping'));
  expect(madeUp).toHaveLength(1); // what came of it, and not the words themselves
  await say(one, a, [{ say: 'still here' }]);
  await rest(one);
  const lastWords = async () =>
    (await seenIn(one, a)).findLast(({ messageType }) => messageType === 'assistant_message')?.content;
  await expect.poll(lastWords, within).toBe('still here');
});

test('[LF6] what a person says is in the transcript before the server lists it, and once', async () => {
  const [alice, bob] = [await agent('Alice'), await agent('Bob')];
  const one = await open([alice, bob]);
  await say(one, a, [{ say: 'slowly', stallMs: 800 }]);
  await expect.poll(async () => (await only(one, 'turn.started')).length, within).toBe(1);
  const [spoken] = await only(one, 'message.spoken');
  expect((await listed(alice)).filter(({ runId }) => runId !== null)).toEqual([]);
  await rest(one);
  const listedSince = async () => (await seenIn(one, a)).filter(({ otid }) => otid === spoken?.otid).length;
  await expect.poll(listedSince, within).toBe(1);
  expect(await only(one, 'message.spoken')).toHaveLength(1);
});

test('[LF7] of turns that were interrupted or failed the transcript keeps the words and the end, which the server does not', async () => {
  const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ fail: 'llm_error' }])];
  const one = await open([alice, bob]);
  await say(one, a, [{ say: 'never said', stallMs: 60_000, stallAfterTokens: 1 }]);
  await expect.poll(async () => (await interruptSeat(t.rt, t.ana, one.id, a)).interrupted, within).toBe(true);
  await rest(one);
  await say(one, a, [
    { call: { tool: askTool, arguments: { message: 'lost words', other_agent_id: bob } } },
    { say: 'pity' },
  ]);
  await rest(one);
  expect((await listed(alice)).some(({ content }) => content?.includes('never said'))).toBe(false);
  expect(await heard(bob, 'lost words')).toEqual([]);
  expect(await only(one, 'message.spoken')).toHaveLength(2);
  expect((await only(one, 'message.spoken'))[0]?.content).toContain('never said');
  expect(await only(one, 'message.sent')).toMatchObject([{ content: 'lost words' }]);
  const ends = (await only(one, 'turn.ended')).map(({ seat, stopReason }) => `${seat} ${stopReason}`);
  expect(ends).toEqual(expect.arrayContaining(['a cancelled', 'b llm_api_error']));
});

test('[LF8] messages of one second stand in the order of the listing', async () => {
  const [alice, bob] = [await agent('Alice', { tools: ['conversation_search'] }), await agent('Bob')];
  const one = await open([alice, bob]);
  const call = { tool: 'conversation_search', arguments: { query: 'owls' } };
  await sayElsewhere(
    alice,
    Array.from({ length: 8 }, (_, at) => ({ reason: `think ${at}`, say: `say ${at}`, call })),
  );
  const engine = await listed(alice);
  expect(new Set(engine.map(({ date }) => date)).size).toBeLessThan(engine.length / 4);
  expect(engine.every(({ date }) => date.endsWith('.000Z'))).toBe(true);
  await expect.poll(async () => (await seenIn(one, a)).length, within).toBe(engine.length);
  expect((await seenIn(one, a)).map(nameOf)).toEqual(engine.map(nameOf));
});

test('[LF9] who speaks at once in several threads is told in each of them, and nowhere else', async () => {
  const pairs = [];
  for (const word of ['red', 'blue', 'green']) {
    const seats = [await agent(`${word} one`), await agent(`${word} two`)];
    pairs.push({ word, seats, one: await open(seats) });
  }
  const [
    {
      seats: [alice],
    } = { seats: [] },
  ] = pairs;
  const { url } = t.rt.letta.require(sandboxServer).status;
  const beside = await fetch(`${url}/v1/conversations?agent_id=${present(alice)}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  });
  const { id: threadId } = z.object({ id: z.string() }).parse(await beside.json());
  const aside = async () => {
    const text = JSON.stringify({ script: [{ say: 'beside' }] });
    const input = { kind: 'user' as const, text, otid: randomUUID() };
    for await (const event of talk.gateway().send({ agentId: present(alice), threadId }, input)) void event;
  };
  const words = (word: string, agentId: AgentId) => sayElsewhere(agentId, [{ say: word }]);
  await Promise.all([...pairs.flatMap(({ word, seats }) => seats.map((each) => words(word, each))), aside()]);
  for (const { word, one } of pairs) {
    const said = async () =>
      (await only(one, 'message.seen')).filter(({ messageType }) => messageType === 'assistant_message');
    await expect.poll(async () => (await said()).map(({ content }) => content), within).toEqual([word, word]);
  }
});

test('[LF10] a backlog of several pages is read whole, in order, each message once', async () => {
  const seats = await farPair();
  const one = await open(seats);
  await expect.poll(async () => (await only(one, 'message.seen')).length, within).toBe(2);
  far.way.refuse();
  const alice = present(seats[0]);
  for (let at = 0; at < 120; at += 1) {
    const input = { kind: 'user' as const, text: JSON.stringify({ script: [{ say: `${at}` }] }), otid: randomUUID() };
    for await (const event of straight().send({ agentId: alice, threadId: null }, input)) void event;
  }
  far.way.heal();
  const engine = await listedThere(alice);
  expect(engine).toHaveLength(241);
  await expect.poll(async () => (await seenIn(one, a)).length, { timeout: 40_000, interval: 200 }).toBe(engine.length);
  expect((await seenIn(one, a)).map(nameOf)).toEqual(engine.map(nameOf));
}, 90_000);

test('[LF11] the gates that a conversation needs are there when it is open, and gone when it is stopped', async () => {
  const [alice, bob] = [await agent('Alice'), await agent('Bob')];
  const one = await open([alice, bob]);
  const gates = async (agentId: AgentId) => (await talk.gateway().findAgent(agentId))?.approvalTools ?? [];
  for (const each of [alice, bob]) expect(await gates(each)).toEqual(expect.arrayContaining([askTool, tellTool]));
  await changeConversation(t.rt, t.ana, one.id, { state: 'stopped' });
  for (const each of [alice, bob]) await expect.poll(() => gates(each), within).toEqual([]);
});

test(
  '[LF12] a server that stands still for a minute is waited for: one message, one answer',
  async () => {
    const { talk: one, alice, bob } = stalled;
    await expect.poll(() => state(one), { timeout: STALL_MS + 20_000, interval: 200 }).toBe('idle');
    expect(await heard(bob, 'Are you asleep?')).toHaveLength(1);
    expect((await listed(bob)).filter(({ content }) => content === 'At last.')).toHaveLength(1);
    expect(await only(one, 'message.answered')).toMatchObject([
      { status: 'success', text: `{'agent_id': '${bob}', 'response': ['At last.']}` },
    ]);
    expect((await listed(alice)).at(-1)).toMatchObject({ content: 'He is awake.' });
    const ends = (await only(one, 'turn.ended')).filter(({ error }) => error !== null);
    expect(ends).toEqual([]);
  },
  STALL_MS + 30_000,
);
