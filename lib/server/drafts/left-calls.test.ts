import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type AgentId, SeatId } from '@/lib/protocol/ids';
import { first, reviewDesk } from '@/lib/testing/review-desk';
import { sandboxTalk, tellTool } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { changeConversation } from '../conversations/change-conversation';

let t: TestRuntime;
const a = SeatId.parse('a');
const talks = sandboxTalk(() => t);
const desk = reviewDesk(() => t);
const { agent, gateway, listed, open, say } = talks;
const remember = 'core_memory_append';
const within = { timeout: 20_000, interval: 50 };
const noted = (content: string) => ({ tool: remember, arguments: { label: 'notes', content } });

beforeAll(async () => {
  t = await createTestRuntime();
  await desk.seatPeople();
});
afterAll(() => t.close());
afterEach(() => talks.stopAll());

/** An agent that stands at a call which somebody has gated in Letta, in a conversation that was stopped since. */
async function leftStanding() {
  const blocks = [{ label: 'notes', value: '' }];
  const [alice, bob] = [await agent('Alice', { tools: [tellTool, remember], blocks }), await agent('Bob')];
  await gateway().setApproval(alice, remember, true);
  const talk = await open([alice, bob]);
  await say(talk, a, [{ call: noted('a secret') }, { say: 'done' }]);
  const draft = first(await desk.parked(talk));
  await changeConversation(t.rt, t.ana, talk.id, { state: 'stopped' });
  return { alice, bob, draft };
}

const waitingOf = async (agentId: AgentId) =>
  (await desk.drafts({ status: 'pending' })).filter(({ from }) => from.agentId === agentId);

test('[DR23] a call goes on waiting once when its conversation stops, and is decided all the same', async () => {
  const { alice, draft } = await leftStanding();
  // By the time another agent's call has been found, this one would have been, too.
  const carol = await agent('Carol', { tools: [remember], blocks: [{ label: 'notes', value: '' }] });
  await gateway().setApproval(carol, remember, true);
  await talks.sayElsewhere(carol, [{ call: noted('something') }]);
  await desk.parkedOf(carol);
  expect((await waitingOf(alice)).map(({ id }) => id)).toEqual([draft.id]);
  await desk.decide(draft, 'reject', { reason: 'Not now.' });
  await desk.delivered(draft);
  await expect.poll(async () => (await listed(alice)).at(-1)?.content, within).toBe('done');
}, 60_000);

test('[DR23] it waits in the conversation in which its agent sits by now, and nowhere else', async () => {
  const { alice, bob, draft } = await leftStanding();
  const next = await open([alice, bob]);
  await desk.becomes(draft, 'withdrawn');
  expect((await desk.now(draft)).withdrawnReason).toContain('sits in a conversation now');
  const again = first(await desk.parked(next));
  expect((await waitingOf(alice)).map(({ id }) => id)).toEqual([again.id]);
}, 60_000);

test('[DR25] a call at which an agent stood before it sat down is offered in its conversation', async () => {
  const [alice, bob] = [
    await agent('Alice', { tools: [remember], blocks: [{ label: 'notes', value: '' }] }),
    await agent('Bob'),
  ];
  await gateway().setApproval(alice, remember, true);
  await talks.sayElsewhere(alice, [{ call: noted('an orphan') }, { say: 'done' }]);
  const orphan = first(await desk.parkedOf(alice));
  const talk = await open([alice, bob]);
  const draft = first(await desk.parked(talk));
  await desk.becomes(orphan, 'withdrawn');
  await desk.decide(draft, 'approve');
  await expect.poll(async () => (await listed(alice)).at(-1)?.content, within).toBe('done');
}, 60_000);
