import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { SeatId } from '@/lib/protocol/ids';
import { first, inReview, reviewDesk } from '@/lib/testing/review-desk';
import { sandboxTalk, tellTool } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { listGates } from './list-gates';
import { releaseGate } from './release-gate';

let t: TestRuntime;
const talks = sandboxTalk(() => t);
const desk = reviewDesk(() => t);
const { agent, gateway, open, say } = talks;
const remember = 'core_memory_append';

beforeAll(async () => {
  t = await createTestRuntime();
  await desk.seatPeople();
});
afterAll(() => t.close());
afterEach(() => talks.stopAll());

const gates = async (agentId: string) =>
  (await listGates(t.rt, t.ana)).filter((gate) => gate.agentId === agentId).map(({ tool, by }) => `${tool} by ${by}`);

test('[ED9] what somebody else has gated in Letta is listed and released; what waits at it waits on', async () => {
  const alice = await agent('Alice', { tools: [tellTool, remember], blocks: [{ label: 'notes', value: '' }] });
  await gateway().setApproval(alice, remember, true);
  expect(await gates(alice)).toEqual([`${remember} by somebody else`]);
  const call = { tool: remember, arguments: { label: 'notes', content: 'x' } };
  await talks.sayElsewhere(alice, [{ call }, { say: 'done' }]);
  const draft = first(await desk.parkedOf(alice));
  expect(await releaseGate(t.rt, t.ana, alice, remember)).toMatchObject({ tool: remember, by: 'somebody else' });
  expect(await gates(alice)).toEqual([]);
  expect((await gateway().findAgent(alice))?.approvalTools).toEqual([]);
  expect((await desk.now(draft)).status).toBe('pending');
  await expect(releaseGate(t.rt, t.ana, alice, remember)).rejects.toMatchObject({ code: 'gate.not_found' });
});

test('[ED9] what an open conversation needs stays, and says which; nothing of it is left afterwards', async () => {
  const [alice, bob] = [await agent('Alice'), await talks.listener('Bob', [{ say: 'I heard you' }])];
  const talk = await open([alice, bob], { title: 'Under way', edges: [inReview()] });
  const call = { tool: tellTool, arguments: { message: 'Hello Bob', other_agent_id: bob } };
  await say(talk, SeatId.parse('a'), [{ call }, { say: 'ok' }]);
  await desk.parked(talk);
  expect(await gates(alice)).toContain(`${tellTool} by parley`);
  await expect(releaseGate(t.rt, t.ana, alice, tellTool)).rejects.toMatchObject({
    code: 'gate.needed',
    message: expect.stringContaining('“Under way”'),
  });
  await talks.stopAll();
  await expect.poll(() => gates(alice), { timeout: 10_000 }).toEqual([]);
});
