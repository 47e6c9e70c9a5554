import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { SeatId } from '@/lib/protocol/ids';
import { askTool, sandboxServer, sandboxTalk, tellTool } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { deleteAgent } from '../agents/change-agent';
import { interruptSeat } from './interrupt-seat';

let t: TestRuntime;
const a = SeatId.parse('a');
const { agent, gateway, listener, only, open, rest, say, state, stopAll } = sandboxTalk(() => t);

beforeAll(async () => {
  t = await createTestRuntime();
});
afterAll(() => t.close());
afterEach(() => stopAll());

const within = { timeout: 10_000, interval: 50 };
const pair = async (conveyance: string) =>
  open([await agent('Alice'), await listener('Bob', [{ say: ' ' }])], { conveyance });

for (const conveyance of ['tool', 'engine', 'relay']) {
  test(`[CV57] in ${conveyance}: a failed model, an interruption and a model without an answer end in words`, async () => {
    const talk = await pair(conveyance);
    await say(talk, a, [{ fail: 'llm_rate_limit' }]);
    await rest(talk);
    expect((await only(talk, 'turn.ended')).at(-1)).toMatchObject({
      stopReason: 'llm_api_error',
      error: expect.stringContaining('rate'),
    });
    await say(talk, a, [{ say: 'slow', stallMs: 60_000 }]);
    await expect.poll(async () => (await only(talk, 'turn.started')).length, within).toBe(2);
    await expect.poll(async () => (await interruptSeat(t.rt, t.ana, talk.id, a)).interrupted, within).toBe(true);
    await rest(talk);
    expect((await only(talk, 'turn.ended')).at(-1)).toMatchObject({ stopReason: 'cancelled' });
    await say(talk, a, [{ nothing: true }]);
    await rest(talk);
    const last = (await only(talk, 'turn.ended')).at(-1);
    expect(last).toMatchObject({ seat: 'a', stopReason: expect.any(String) });
    expect(await only(talk, 'turn.ended')).toHaveLength(3);
    expect(await only(talk, 'message.sent')).toEqual([]);
  }, 30_000);

  test(`[CV57] in ${conveyance}: a Letta that is away for a moment is told, and the turn is looked up when it is back`, async () => {
    const talk = await pair(conveyance);
    await say(talk, a, [{ say: 'never', stallMs: 60_000 }]);
    await expect.poll(async () => (await only(talk, 'turn.started')).length, within).toBe(1);
    await t.rt.letta.switchSandbox(false);
    await t.rt.letta.switchSandbox(true);
    await expect.poll(() => state(talk), { timeout: 20_000, interval: 50 }).toBe('idle');
    expect(await only(talk, 'turn.ended')).toMatchObject([{ stopReason: 'lost', error: expect.any(String) }]);
  }, 40_000);
}

test('[CV54] who waits for an agent that is deleted reads so at once, and its turn ends in words', async () => {
  for (const isPast of [false, true]) {
    const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: 'too late', stallMs: 8_000 }])];
    const talk = await open([alice, bob]);
    const call = { call: { tool: askTool, arguments: { message: 'well?', other_agent_id: bob } } };
    await say(talk, a, [call, { say: 'so be it' }]);
    await expect.poll(async () => (await only(talk, 'message.received')).length, within).toBe(1);
    if (isPast) await gateway().deleteAgent(bob);
    else await deleteAgent(t.rt, t.ana, bob);
    const text = /Bob was deleted (?:before it answered|while it worked)/; // past Parley: whichever shows first
    const answers = async () => (await only(talk, 'message.answered')).map((each) => each.text);
    await expect.poll(answers, { timeout: isPast ? 12_000 : 3_000 }).toEqual([expect.stringMatching(text)]);
    await expect.poll(async () => (await only(talk, 'turn.ended')).length, { timeout: 12_000 }).toBe(3);
    const ends = (await only(talk, 'turn.ended')).filter(({ seat }) => seat === 'b');
    expect(ends).toMatchObject([{ error: 'Bob was deleted while it worked.' }]);
    expect(await only(talk, 'conversation.stopped')).toMatchObject([{ why: 'agent_deleted' }]);
  }
}, 40_000);

test('[CV54] answers for an agent that was deleted while it waited go nowhere, and are tried once', async () => {
  const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: 'for nobody', stallMs: 1_000 }])];
  const talk = await open([alice, bob]);
  const call = { call: { tool: askTool, arguments: { message: 'well?', other_agent_id: bob } } };
  await say(talk, a, [call, { say: 'never' }]);
  await expect.poll(async () => (await only(talk, 'message.received')).length, within).toBe(1);
  await deleteAgent(t.rt, t.ana, alice);
  const ends = async () => (await only(talk, 'turn.ended')).map(({ seat, stopReason }) => `${seat} ${stopReason}`);
  await expect.poll(ends, within).toEqual(['a requires_approval', 'b end_turn', 'a not_sent']);
  const left = "SELECT 1 FROM turn WHERE conversation_id = $1 AND state <> 'ended'";
  expect((await t.database.pool.query(left, [talk.id])).rows).toEqual([]);
});

test('[CV57] an agent that somebody keeps standing at a call says so when a person speaks to it', async () => {
  const [alice, bob] = [await agent('Alice'), await agent('Bob')];
  const talk = await open([alice, bob], { conveyance: 'engine' });
  await gateway().setApproval(alice, tellTool, true);
  await say(talk, a, [{ call: { tool: tellTool, arguments: { message: 'hi', other_agent_id: bob } } }, { say: 'ok' }]);
  await expect.poll(() => state(talk), within).toBe('waiting');
  expect((await only(talk, 'turn.ended')).at(-1)).toMatchObject({ stopReason: 'requires_approval' });
  const pending = await gateway().findPendingApproval({ agentId: alice, threadId: null });
  const answers = [{ kind: 'approve' as const, toolCallId: pending?.message.toolCall?.toolCallId ?? '' }];
  for await (const event of gateway().send({ agentId: alice, threadId: null }, { kind: 'answers', answers })) {
    expect(event.kind).toBeTruthy();
  }
  await expect.poll(() => state(talk), within).toBe('idle');
  await expect.poll(async () => (await only(talk, 'message.answered')).length, within).toBe(1);
  const [sent] = await only(talk, 'message.sent');
  const [received] = await only(talk, 'message.received');
  expect(sent?.conveyanceId).toBe(received?.conveyanceId);
  expect(t.rt.letta.require(sandboxServer).status.state).toBe('connected');
});
