import { afterAll, beforeAll, expect, test } from 'vitest';
import { SeatId } from '@/lib/protocol/ids';
import { first, inReview, reviewDesk } from '@/lib/testing/review-desk';
import { sandboxServer, sandboxTalk, tellTool } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { interruptThread } from './interrupt-thread';

let t: TestRuntime;
const a = SeatId.parse('a');
const { agent, gateway, open, say } = sandboxTalk(() => t);
const desk = reviewDesk(() => t);

beforeAll(async () => {
  t = await createTestRuntime();
  await desk.seatPeople();
});
afterAll(() => t.close());

test('[CV22] a call that is given up late takes no later one along', async () => {
  const [alice, bob] = [await agent('Alice'), await agent('Bob')];
  const talk = await open([alice, bob], { edges: [inReview()] });
  await say(talk, a, [{ call: { tool: tellTool, arguments: { message: 'Hello', other_agent_id: bob } } }]);
  const draft = first(await desk.parked(talk));
  const thread = { agentId: alice, threadId: null };
  const standing = await gateway().findPendingApproval(thread);
  const { run } = interruptThread(t.rt);
  const { signal } = new AbortController();
  await run(
    { server: sandboxServer, ...thread, messageId: 'message-00000000-0000-4000-8000-000000000000' },
    { signal },
  );
  expect((await gateway().findPendingApproval(thread))?.messageId).toBe(standing?.messageId);
  expect(await desk.now(draft)).toMatchObject({ status: 'pending' });
  await run({ server: sandboxServer, ...thread, messageId: standing?.messageId }, { signal });
  expect(await gateway().findPendingApproval(thread)).toBeNull();
});
