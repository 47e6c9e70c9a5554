import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CreateAgent } from '@/lib/protocol/agent';
import { OpenConversation } from '@/lib/protocol/conversation';
import { SeatId } from '@/lib/protocol/ids';
import { askTool, sandboxServer, sandboxTalk, tagsTool, tellTool } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { deleteAgent } from '../agents/change-agent';
import { createAgent } from '../agents/create-agent';
import { changeConversation } from './change-conversation';
import { openConversation } from './open-conversation';
import { releaseEverything } from './release-everything';
import { syncThread } from './sync-thread';

let t: TestRuntime;
const [a, b] = [SeatId.parse('a'), SeatId.parse('b')];
const { agent, gateway, heard, listed, listener, only, open, rest, say, sayElsewhere, state, stopAll } = sandboxTalk(
  () => t,
);

beforeAll(async () => {
  t = await createTestRuntime();
});
afterAll(() => t.close());
afterEach(() => stopAll());

describe('one transcript', () => {
  test('[CV11] every message that the engine lists is in the transcript once, in the engine’s order', async () => {
    const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ reason: 'hm', say: 'yes' }])];
    const talk = await open([alice, bob]);
    await say(talk, a, [
      { reason: 'call', call: { tool: askTool, arguments: { message: 'hello', other_agent_id: bob } } },
      { say: 'done' },
    ]);
    await rest(talk);
    for (const [seat, agentId] of [
      [a, alice],
      [b, bob],
    ] as const) {
      const engine = (await listed(agentId)).map((message) => `${message.messageType} ${message.messageId}`);
      await expect
        .poll(async () =>
          (await only(talk, 'message.seen'))
            .filter((message) => message.seat === seat)
            .map((message) => `${message.messageType} ${message.messageId}`)
            .sort(),
        )
        .toEqual([...engine].sort());
    }
  });

  test('[CV12] what somebody else says to an agent in a seat is seen within seconds', async () => {
    const [alice, bob] = [await agent('Alice'), await agent('Bob')];
    const talk = await open([alice, bob]);
    await sayElsewhere(bob, [{ say: 'hello stranger' }]);
    await expect
      .poll(async () => (await only(talk, 'message.seen')).some((message) => message.content === 'hello stranger'), {
        timeout: 5_000,
      })
      .toBe(true);
  });
});

describe('ruling over a conversation', () => {
  test('[CV13] an agent sits in one running conversation; after a stop it is free', async () => {
    const [alice, bob, carol] = [await agent('Alice'), await agent('Bob'), await agent('Carol')];
    const talk = await open([alice, bob]);
    await expect(open([alice, carol])).rejects.toMatchObject({ code: 'agent.seated' });
    const both = await Promise.allSettled([open([carol, await agent('Dan')]), open([carol, await agent('Eve')])]);
    expect(both.filter((each) => each.status === 'rejected').map((each) => each.reason.code)).toEqual(['agent.seated']);
    await changeConversation(t.rt, t.ana, talk.id, { state: 'stopped' });
    expect((await open([alice, bob])).state).toBe('idle');
  });

  test('[CV14] while paused nothing travels; resumed, what waited goes out in order', async () => {
    const [alice, bob] = [await agent('Alice'), await agent('Bob')];
    const talk = await open([alice, bob]);
    await changeConversation(t.rt, t.ana, talk.id, { state: 'paused' });
    await say(talk, b, [{ say: 'one' }]);
    await say(talk, b, [{ say: 'two' }]);
    expect(await only(talk, 'turn.started')).toEqual([]);
    await changeConversation(t.rt, t.ana, talk.id, { state: 'running' });
    await rest(talk);
    const said = (await listed(bob))
      .filter((message) => message.messageType === 'assistant_message')
      .map((message) => message.content);
    expect(said).toEqual(['one', 'two']);
  });

  test('[CV15] stopping answers the calls whose messages have not gone out', async () => {
    const [alice, bob] = [await agent('Alice'), await agent('Bob')];
    const talk = await open([alice, bob]);
    await say(talk, b, [{ say: 'busy', stallMs: 1_500 }, { say: 'never' }]);
    await say(talk, a, [
      { call: { tool: askTool, arguments: { message: 'hello?', other_agent_id: bob } } },
      { say: 'I see' },
    ]);
    await expect.poll(async () => (await only(talk, 'message.sent')).length).toBe(1);
    await changeConversation(t.rt, t.ana, talk.id, { state: 'stopped' });
    await expect
      .poll(async () => (await listed(alice)).some((message) => message.content === 'I see'), { timeout: 10_000 })
      .toBe(true);
    expect(await only(talk, 'message.answered')).toMatchObject([
      { status: 'error', text: expect.stringContaining('stopped') },
    ]);
    expect(await heard(bob, 'hello?')).toEqual([]);
    await expect(say(talk, a, [{ say: 'x' }])).rejects.toMatchObject({ code: 'conversation.state' });
  });

  test('[CV16] deleting an agent stops the conversations in which it sits', async () => {
    const [alice, bob] = [await agent('Alice'), await agent('Bob')];
    const talk = await open([alice, bob]);
    await deleteAgent(t.rt, t.ana, bob);
    expect(await state(talk)).toBe('stopped');
    expect(await only(talk, 'conversation.stopped')).toMatchObject([
      { why: 'agent_deleted', reason: 'Bob was deleted.' },
    ]);
  });

  test('[CV17] the same request twice opens, makes and says once', async () => {
    const idempotency = { actorId: 'person:ana', key: 'k', intentId: crypto.randomUUID(), status: 201 };
    const make = () =>
      createAgent(t.rt, t.ana, CreateAgent.parse({ name: 'Once', server: sandboxServer }), idempotency);
    const [one, two] = [await make(), await make()];
    expect(two.id).toBe(one.id);
    const bob = await agent('Bob');
    const again = { ...idempotency, intentId: crypto.randomUUID() };
    const wanted = OpenConversation.parse({ seats: [{ agentId: one.id }, { agentId: bob }] });
    const first = await openConversation(t.rt, t.ana, wanted, again);
    expect((await openConversation(t.rt, t.ana, wanted, again)).id).toBe(first.id);
    await changeConversation(t.rt, t.ana, first.id, { state: 'stopped' });
  });
});

describe('interruptions', () => {
  test('[CV18] a program that stops in the middle of a carried call finishes it when it comes back: once', async () => {
    const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: 'slowly', stallMs: 1_200 }])];
    const talk = await open([alice, bob]);
    await say(talk, a, [
      { call: { tool: askTool, arguments: { message: 'take your time', other_agent_id: bob } } },
      { say: 'finished' },
    ]);
    await expect.poll(async () => (await only(talk, 'message.received')).length).toBe(1);
    await t.restart();
    await expect
      .poll(
        async () =>
          (await only(talk, 'message.delivery_failed')).length + (await only(talk, 'message.answered')).length,
        { timeout: 15_000 },
      )
      .toBe(1);
    await rest(talk);
    expect((await heard(bob, 'take your time')).length).toBeLessThanOrEqual(1);
  });

  test('[CV19] a Letta that dies in the middle of a turn leaves it lost, and whoever waits for it reads that', async () => {
    const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: 'never', stallMs: 120_000 }])];
    const talk = await open([alice, bob]);
    await say(talk, a, [
      { call: { tool: askTool, arguments: { message: 'are you there?', other_agent_id: bob } } },
      { say: 'a pity' },
    ]);
    await expect.poll(async () => (await only(talk, 'message.received')).length, { timeout: 5_000 }).toBe(1);
    await t.rt.letta.switchSandbox(false);
    await t.rt.letta.switchSandbox(true);
    await expect.poll(() => state(talk), { timeout: 15_000 }).toBe('idle');
    const lost = (await only(talk, 'turn.ended')).find((turn) => turn.seat === 'b');
    expect(lost).toMatchObject({ stopReason: 'lost', error: expect.stringContaining('nothing comes of it') });
    expect(await only(talk, 'message.answered')).toMatchObject([
      { status: 'error', text: expect.stringContaining('Bob could not answer') },
    ]);
    expect((await listed(alice)).at(-1)).toMatchObject({ content: 'a pity' });
  }, 30_000);
});

describe('letting go', () => {
  test('[CV20] releasing everything stops what Parley carries and sets every tool back', async () => {
    const [alice, bob] = [await agent('Alice'), await agent('Bob')];
    const talk = await open([alice, bob]);
    expect((await gateway().findAgent(alice))?.approvalTools.sort()).toEqual([askTool, tellTool, tagsTool].sort());
    const released = await releaseEverything(t.rt, t.rt.workspaceId);
    expect(released.filter((each) => each.agentId === alice || each.agentId === bob)).toHaveLength(2);
    expect((await gateway().findAgent(alice))?.approvalTools).toEqual([]);
    expect(await state(talk)).toBe('stopped');
  });

  test('[CV34] a conversation opened while an earlier one still lets go of its agents is gated all the same', async () => {
    const [alice, bob] = [await agent('Alice'), await agent('Bob')];
    for (let round = 0; round < 6; round += 1) {
      const talk = await open([alice, bob]);
      await say(talk, a, [{ say: 'hello' }]);
      if (round % 2) await rest(talk);
      await changeConversation(t.rt, t.ana, talk.id, { state: 'stopped' });
    }
    const last = await open([alice, bob]);
    await say(last, a, [
      { call: { tool: tellTool, arguments: { message: 'still there?', other_agent_id: bob } } },
      { say: 'ok' },
    ]);
    await rest(last);
    expect(await only(last, 'message.received')).toHaveLength(1);
    expect((await gateway().findAgent(alice))?.approvalTools).toContain(tellTool);
  });

  test('[CV21] a call that no turn of ours led to is carried all the same', async () => {
    const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: 'heard' }])];
    const talk = await open([alice, bob]);
    const call = { tool: askTool, arguments: { message: 'from elsewhere', other_agent_id: bob } };
    await sayElsewhere(alice, [{ call }, { say: 'done elsewhere' }]);
    await expect
      .poll(async () => (await only(talk, 'message.seen')).some((message) => message.content === 'done elsewhere'), {
        timeout: 8_000,
      })
      .toBe(true);
    expect(await only(talk, 'message.answered')).toMatchObject([
      { text: `{'agent_id': '${bob}', 'response': ['heard']}` },
    ]);
  });

  test('[CV22] an agent that goes on calling in a stopped conversation is told so three times, then interrupted', async () => {
    const [alice, bob] = [await agent('Alice'), await agent('Bob')];
    const talk = await open([alice, bob], { maxTurns: 1 });
    const call = { tool: tellTool, arguments: { message: 'again', other_agent_id: bob } };
    await say(
      talk,
      a,
      Array.from({ length: 12 }, () => ({ call })),
    );
    await expect.poll(() => state(talk), { timeout: 10_000 }).toBe('stopped');
    const isAtRest = async () => {
      const { rows } = await t.database.pool.query("SELECT 1 FROM turn WHERE agent_id = $1 AND state <> 'ended'", [
        alice,
      ]);
      return rows.length === 0 && (await gateway().findAgent(alice))?.pending === null;
    };
    await expect.poll(isAtRest, { timeout: 10_000 }).toBe(true);
    // Whenever what the engine made of the interrupted call is read: nobody sent that message.
    const workspaceId = t.rt.workspaceId;
    const thread = { server: sandboxServer, agentId: alice, threadId: null };
    const author = { kind: 'agent' as const, id: alice, name: 'Alice' };
    await syncThread(t.rt, gateway(), { workspaceId, conversationId: talk.id, seat: a, agent: author }, thread);
    const failed = await only(talk, 'message.delivery_failed');
    expect(failed.map(({ outcome }) => outcome)).toEqual(['refused', 'refused', 'refused']);
  });
});
