import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { MakeRule } from '@/lib/protocol/draft';
import { SeatId } from '@/lib/protocol/ids';
import { first, inReview, reviewDesk } from '@/lib/testing/review-desk';
import { sandboxTalk, tellTool } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { setEdge } from '../conversations/set-edge';
import { makeRule, revokeRule } from './standing-rules';

let t: TestRuntime;
const a = SeatId.parse('a');
const talks = sandboxTalk(() => t);
const { agent, gateway, listed, listener, only, open, rest, say } = talks;
const desk = reviewDesk(() => t);
const within = { timeout: 15_000, interval: 30 };

beforeAll(async () => {
  t = await createTestRuntime();
  await desk.seatPeople();
});
afterAll(() => t.close());
afterEach(() => talks.stopAll());

/** Alice and Bob, whose messages Letta delivers by its own tools. */
async function byLetta(edge: object) {
  const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: 'I heard you' }])];
  const talk = await open([alice, bob], { conveyance: 'engine', edges: [inReview(edge)] });
  const heard = async (text: string) => (await listed(bob)).filter(({ content }) => content?.includes(text)).length;
  const tell = (message: string, more: object = {}) =>
    say(talk, a, [{ call: { tool: tellTool, arguments: { message, other_agent_id: bob } }, ...more }, { say: 'ok' }]);
  const gated = async () => (await gateway().findAgent(alice))?.approvalTools ?? [];
  return { alice, talk, heard, tell, gated };
}

test('[ED2] where Letta delivers, a call that still stops when its edge has been set to pass goes on by itself', async () => {
  const { talk, heard, tell } = await byLetta({});
  await tell('Hello Bob', { stallMs: 1_000 });
  await expect.poll(async () => (await only(talk, 'turn.started')).length, within).toBe(1);
  await setEdge(t.rt, t.ana, talk.id, inReview({ mode: 'pass' }));
  await expect.poll(() => heard('Hello Bob'), within).toBe(1);
  await rest(talk);
  expect(await desk.drafts({ conversationId: talk.id })).toEqual([]);
});

test('[SR2] where Letta delivers, too, what is like a rule that asks parks across an edge that passes', async () => {
  const { alice, talk, heard, tell, gated } = await byLetta({ mode: 'pass' });
  const ask = (more: object) => makeRule(t.rt, t.ana, MakeRule.parse({ effect: 'ask', ...more }));
  const other = await ask({ fromAgentId: 'agent-of-somebody-else', text: 'pay' });
  expect(await gated()).toEqual([]);
  const rule = await ask({ fromAgentId: alice, text: 'pay' });
  expect(await gated()).toContain(tellTool);
  await tell('Please pay');
  const draft = first(await desk.parked(talk));
  expect(draft).toMatchObject({ kind: 'message', content: 'Please pay', heldBy: 'rule', ruleId: rule.id });
  await desk.decide(draft, 'approve');
  await expect.poll(() => heard('Please pay'), within).toBe(1);
  await rest(talk);
  await tell('Hello Bob');
  await expect.poll(() => heard('Hello Bob'), within).toBe(1);
  await rest(talk);
  for (const { id } of [rule, other]) await revokeRule(t.rt, t.ana, id);
  await expect.poll(gated, within).toEqual([]);
  await tell('Please pay again');
  await expect.poll(() => heard('Please pay again'), within).toBe(1);
});
