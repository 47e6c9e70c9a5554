import { afterAll, beforeAll, expect, test } from 'vitest';
import { SeatId } from '@/lib/protocol/ids';
import type { Delta } from '@/lib/protocol/socket';
import { sandboxTalk, tellTool } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';

let t: TestRuntime;
const a = SeatId.parse('a');
const { agent, listener, only, open, rest, say, stopAll } = sandboxTalk(() => t);

beforeAll(async () => {
  t = await createTestRuntime();
});
afterAll(async () => {
  await stopAll();
  await t.close();
});

test('[LV38] a message names the pieces in which it was written, also where the engine gave it another id since', async () => {
  const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: 'yes' }])];
  const talk = await open([alice, bob]);
  const deltas: Delta[] = [];
  t.rt.hub.listen({ delta: (delta) => deltas.push(delta) });
  const call = { tool: tellTool, arguments: { message: 'hello', other_agent_id: bob } };
  await say(talk, a, [{ say: 'one moment', call }, { say: 'told him' }]);
  await rest(talk);
  const seen = (await only(talk, 'message.seen')).filter(({ seat, runId }) => seat === 'a' && runId !== null);
  const said = seen.find(({ content }) => content === 'one moment');
  expect(said?.deltaId).toBeDefined();
  const written = deltas.filter(({ messageId }) => messageId === said?.deltaId).map(({ text }) => text);
  expect(written.join('')).toContain('one moment');
  const later = seen.find(({ content }) => content === 'told him');
  expect(later).toBeDefined();
  expect(later?.deltaId).toBeUndefined();
});
