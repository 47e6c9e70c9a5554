import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Conversation, Speak } from '@/lib/protocol/conversation';
import { SeatId } from '@/lib/protocol/ids';
import { first, inReview, reviewDesk } from '@/lib/testing/review-desk';
import { askTool, sandboxTalk, tellTool } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { interruptSeat } from './interrupt-seat';
import { speak } from './speak';

let t: TestRuntime;
const a = SeatId.parse('a');
const { agent, listed, listener, only, open, rest, say, stopAll } = sandboxTalk(() => t);

const desk = reviewDesk(() => t);

beforeAll(async () => {
  t = await createTestRuntime();
  await desk.seatPeople();
});
afterAll(() => t.close());
afterEach(() => stopAll());

const count = async (talk: Conversation, type: Parameters<typeof only>[1]) => (await only(talk, type)).length;
const until = (what: () => Promise<unknown>) => expect.poll(what, { timeout: 10_000, interval: 30 });
const said = async (agentId: Parameters<typeof listed>[0]) =>
  (await listed(agentId)).flatMap(({ messageType, content }) => (messageType === 'assistant_message' ? [content] : []));
const pair = async () => {
  const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: 'slowly', stallMs: 400 }])];
  return { alice, bob, talk: await open([alice, bob]) };
};
const steer = (talk: Conversation, content: string) =>
  speak(t.rt, t.ana, talk.id, Speak.parse({ to: a, content, deliver: 'next_step' }));

test('[SE13] a message for the next step goes with the answers to the calls at which the agent stops', async () => {
  const { talk, alice, bob } = await pair();
  await say(talk, a, [
    { call: { tool: askTool, arguments: { message: 'How is it going?', other_agent_id: bob } } },
    { say: 'unsteered' },
  ]);
  await until(() => count(talk, 'message.received')).toBe(1);
  await steer(talk, '{"script": [{"say": "steered"}]}');
  await rest(talk);
  expect(await said(alice)).toEqual(['steered']);
  const listing = await listed(alice);
  const at = (type: string) => listing.findLast(({ messageType }) => messageType === type)?.runId;
  expect(at('user_message')).toBe(at('tool_return_message'));
  expect(await count(talk, 'turn.started')).toBe(3);
  const spoken = (await only(talk, 'message.spoken')).map(({ otid }) => otid);
  const seen = async () => (await only(talk, 'message.seen')).filter((each) => each.messageType === 'user_message');
  await until(async () => (await seen()).map(({ otid }) => otid)).toEqual(spoken);
});

test('[SE13] an agent that stops at no call reads it as its next turn, before whatever else waits', async () => {
  const { talk, alice } = await pair();
  await say(talk, a, [{ say: 'first', stallMs: 400 }]);
  await until(() => count(talk, 'turn.started')).toBe(1);
  await say(talk, a, [{ say: 'third' }]);
  await steer(talk, '{"script": [{"say": "second"}]}');
  await rest(talk);
  expect(await said(alice)).toEqual(['first', 'second', 'third']);
});

test('[SE13] is said again where a call that people let run ends the turn before the agent can read it', async () => {
  const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: 'I heard you' }])];
  const talk = await open([alice, bob], { conveyance: 'engine', edges: [inReview()] });
  await say(talk, a, [{ call: { tool: tellTool, arguments: { message: 'Hello', other_agent_id: bob } } }]);
  const draft = first(await desk.parked(talk));
  await steer(talk, '{"script": [{"say": "steered"}]}');
  await desk.decide(draft, 'approve');
  await until(() => said(alice)).toEqual(['steered']);
  await rest(talk);
  expect((await listed(alice)).filter(({ content }) => content?.includes('steered'))).toHaveLength(2);
});

test('[SE13] is said again where somebody cancels the turn that took it along before the agent has read it', async () => {
  const { talk, alice, bob } = await pair();
  await say(talk, a, [
    { call: { tool: askTool, arguments: { message: 'How is it going?', other_agent_id: bob } } },
    { say: 'unsteered' },
  ]);
  await until(() => count(talk, 'message.received')).toBe(1);
  await steer(talk, '{"script": [{"say": "steered", "stallMs": 1500}]}');
  await until(() => count(talk, 'turn.started')).toBe(3);
  const isInterrupted = async () => (await interruptSeat(t.rt, t.ana, talk.id, a)).interrupted;
  await until(isInterrupted).toBe(true);
  await until(() => said(alice)).toEqual(['steered']);
  await rest(talk);
  expect((await only(talk, 'turn.ended')).map(({ stopReason }) => stopReason)).toContain('cancelled');
  expect((await listed(alice)).filter(({ content }) => content?.includes('"steered"'))).toHaveLength(1);
});
