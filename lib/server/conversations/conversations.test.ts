import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CreateAgent } from '@/lib/protocol/agent';
import { type Conversation, OpenConversation, Speak } from '@/lib/protocol/conversation';
import { type Entry, type EntryType, knownEntry, type PayloadOf } from '@/lib/protocol/entry';
import { type AgentId, SeatId, ServerName } from '@/lib/protocol/ids';
import { conversationStream } from '@/lib/protocol/stream';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { deleteAgent } from '../agents/change-agent';
import { createAgent } from '../agents/create-agent';
import { readStream } from '../ledger/read-entries';
import type { SandboxScript } from '../letta/sandbox/scripted';
import { changeConversation } from './change-conversation';
import { openConversation } from './open-conversation';
import { requireConversation } from './read-conversations';
import { releaseEverything } from './release-everything';
import { speak } from './speak';

let t: TestRuntime;
const server = ServerName.parse('sandbox');
const [a, b] = [SeatId.parse('a'), SeatId.parse('b')];
const async_ = 'send_message_to_agent_async';
const wait = 'send_message_to_agent_and_wait_for_reply';
const tags = 'send_message_to_agents_matching_tags';
let opened: Conversation[] = [];

type Steps = SandboxScript['script'];

beforeAll(async () => {
  t = await createTestRuntime();
});
afterAll(() => t.close());
afterEach(async () => {
  for (const { id } of opened) await changeConversation(t.rt, t.ana, id, { state: 'stopped' });
  opened = [];
});

const agent = async (name: string, more: Partial<CreateAgent> = {}): Promise<AgentId> =>
  (
    await createAgent(
      t.rt,
      t.ana,
      CreateAgent.parse({ name, server, model: 'sandbox/scripted', tools: [async_, wait, tags], ...more }),
    )
  ).id;

/** An agent that answers whatever it hears by a script. */
const listener = (name: string, script: Steps, more: Partial<CreateAgent> = {}) =>
  agent(name, { blocks: [{ label: 'script', value: JSON.stringify({ script }) }], ...more });

/** Letta keeps only the first call of a step otherwise. */
const allowParallelCalls = async (agentId: AgentId) => {
  const { url } = t.rt.letta.require(server).status;
  const body = JSON.stringify({ model_settings: { provider_type: 'openai', parallel_tool_calls: true } });
  const headers = { 'Content-Type': 'application/json' };
  expect((await fetch(`${url}/v1/agents/${agentId}`, { method: 'PATCH', headers, body })).status).toBe(200);
};

const open = async (seats: AgentId[], more: object = {}) => {
  const conversation = await openConversation(
    t.rt,
    t.ana,
    OpenConversation.parse({ seats: seats.map((agentId) => ({ agentId })), ...more }),
  );
  opened.push(conversation);
  return conversation;
};

const say = (conversation: Conversation, to: SeatId, script: Steps) =>
  speak(t.rt, t.ana, conversation.id, Speak.parse({ to, content: JSON.stringify({ script }) }));

const entries = async ({ id }: Conversation): Promise<Entry[]> =>
  (await readStream(t.database.pool, t.rt.workspaceId, conversationStream(id), { after: 0, limit: 5_000 })).flatMap(
    (entry) => knownEntry(entry) ?? [],
  );
const only = async <T extends EntryType>(conversation: Conversation, type: T): Promise<PayloadOf<T>[]> =>
  // What is filtered by its type has the payload of that type; TypeScript does not follow a type parameter that far.
  (await entries(conversation)).filter((entry) => entry.type === type).map((entry) => entry.payload as PayloadOf<T>);
const state = async ({ id }: Conversation) => (await requireConversation(t.database.pool, t.rt.workspaceId, id)).state;
const rest = async (conversation: Conversation) => {
  await expect.poll(() => state(conversation), { timeout: 15_000, interval: 30 }).not.toBe('running');
};
/** What an agent's own listing holds, in its order. */
const listed = async (agentId: AgentId) =>
  t.rt.letta.require(server).gateway.listMessages({ agentId, threadId: null }, { limit: 500 });
const heard = async (agentId: AgentId, text: string) =>
  (await listed(agentId)).filter(
    (message) => message.messageType === 'system_message' && message.runId && message.content?.includes(text),
  );

describe('carrying calls', () => {
  test('[CV1] an async call returns at delivery; both ends are linked and name each other', async () => {
    const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: 'I heard you' }])];
    const talk = await open([alice, bob]);
    await say(talk, a, [
      { call: { tool: async_, arguments: { message: 'Hello Bob', other_agent_id: bob } } },
      { say: 'told him' },
    ]);
    await rest(talk);
    const [sent] = await only(talk, 'message.sent');
    const [received] = await only(talk, 'message.received');
    const [answered] = await only(talk, 'message.answered');
    expect(sent).toMatchObject({ from: 'a', to: 'b', content: 'Hello Bob', mode: 'receipt', toName: 'Bob' });
    expect(received).toMatchObject({ conveyanceId: sent?.conveyanceId, from: 'a', to: 'b', content: 'Hello Bob' });
    expect(answered).toMatchObject({
      conveyanceId: sent?.conveyanceId,
      status: 'success',
      text: 'Successfully sent message',
    });
    expect(await heard(bob, 'Hello Bob')).toMatchObject([
      { otid: received?.otid, senderId: alice, senderName: 'Alice' },
    ]);
    const seen = await only(talk, 'message.seen');
    expect(
      seen.filter((message) => message.messageType === 'assistant_message').map(({ seat, content }) => [seat, content]),
    ).toEqual(
      expect.arrayContaining([
        ['a', 'told him'],
        ['b', 'I heard you'],
      ]),
    );
    expect((await requireConversation(t.database.pool, t.rt.workspaceId, talk.id)).turns).toBe(1);
  });

  test('[CV2] a call that waits returns what the receiver says, over all the steps that it takes', async () => {
    const [alice, carol] = [await agent('Alice'), await listener('Carol', [{ say: 'I agree' }])];
    const ask = { tool: wait, arguments: { message: 'What do you think?', other_agent_id: carol } };
    const bob = await listener('Bob', [{ say: 'one moment', call: ask }, { say: 'Carol agrees' }]);
    const talk = await open([alice, bob, carol]);
    await say(talk, a, [
      { call: { tool: wait, arguments: { message: 'Ask Carol', other_agent_id: bob } } },
      { say: 'done' },
    ]);
    await rest(talk);
    const answers = (await only(talk, 'message.answered')).map((answer) => answer.text);
    expect(answers).toEqual([
      `{'agent_id': '${carol}', 'response': ['I agree']}`,
      `{'agent_id': '${bob}', 'response': ['one moment', 'Carol agrees']}`,
    ]);
  });

  test('[CV3] parallel calls of one step are answered together, whatever their order of arrival', async () => {
    const [bob, carol] = [await listener('Bob', [{ say: 'from b' }]), await listener('Carol', [{ say: 'from c' }])];
    const alice = await agent('Alice');
    await allowParallelCalls(alice);
    const talk = await open([alice, bob, carol]);
    await say(talk, a, [
      {
        calls: [
          { tool: wait, arguments: { message: 'one', other_agent_id: bob } },
          { tool: async_, arguments: { message: 'two', other_agent_id: carol } },
        ],
      },
      { say: 'both are back' },
    ]);
    await rest(talk);
    const returns = (await only(talk, 'message.seen')).find(
      (message) => message.seat === 'a' && message.messageType === 'tool_return_message',
    );
    const all = returns?.toolReturns ?? (returns?.toolReturn ? [returns.toolReturn] : []);
    expect(all.map((each) => each.text).sort()).toEqual([
      'Successfully sent message',
      `{'agent_id': '${bob}', 'response': ['from b']}`,
    ]);
  });

  test('[CV4] a call by tags reaches every other agent that carries them, and returns all replies', async () => {
    const [alice, bob, carol] = [
      await agent('Alice', { tags: ['team'] }),
      await listener('Bob', [{ say: 'here' }], { tags: ['team'] }),
      await agent('Carol'),
    ];
    const talk = await open([alice, bob, carol]);
    await say(talk, a, [
      { call: { tool: tags, arguments: { message: 'who is there?', match_all: ['team'] } } },
      { say: 'ok' },
    ]);
    await rest(talk);
    expect((await only(talk, 'message.sent')).map((sent) => sent.toAgentId)).toEqual([bob]);
    const returned = (await only(talk, 'message.seen')).find((message) => message.seat === 'a' && message.toolReturn);
    expect(returned?.toolReturn?.text).toBe(`[{'agent_id': '${bob}', 'response': ['here']}]`);
  });

  test('[CV5] a message for an agent whose turn is running waits for its end', async () => {
    const [alice, bob] = [await agent('Alice'), await agent('Bob')];
    const talk = await open([alice, bob]);
    await say(talk, b, [{ say: 'slow', stallMs: 600 }, { say: 'after' }]);
    await say(talk, a, [{ call: { tool: async_, arguments: { message: 'hi', other_agent_id: bob } } }, { say: 'x' }]);
    await rest(talk);
    const order = (await entries(talk)).flatMap((entry) => {
      if (entry.type === 'message.received') return ['received'];
      return entry.type === 'turn.ended' && entry.payload.seat === 'b' ? ['ended'] : [];
    });
    expect(order).toEqual(['ended', 'received', 'ended']);
  });

  test('[CV6] agents that would wait for each other get an error that they can read', async () => {
    const alice = await agent('Alice');
    const bob = await listener('Bob', [
      { call: { tool: wait, arguments: { message: 'and you?', other_agent_id: alice } } },
      { say: 'never mind' },
    ]);
    const talk = await open([alice, bob]);
    await say(talk, a, [
      { call: { tool: wait, arguments: { message: 'how are you?', other_agent_id: bob } } },
      { say: 'thanks' },
    ]);
    await rest(talk);
    const [circle, reply] = await only(talk, 'message.answered');
    expect(circle).toMatchObject({ status: 'error', text: expect.stringContaining('Alice is waiting for you') });
    expect(reply).toMatchObject({ status: 'success', text: `{'agent_id': '${bob}', 'response': ['never mind']}` });
    expect((await only(talk, 'message.delivery_failed'))[0]).toMatchObject({ outcome: 'refused' });
  });

  test('[CV7] an async message into such a circle is taken, and read when the turn has ended', async () => {
    const alice = await agent('Alice');
    const bob = await listener('Bob', [
      { call: { tool: async_, arguments: { message: 'by the way', other_agent_id: alice } } },
      { say: 'fine' },
    ]);
    const talk = await open([alice, bob]);
    await say(talk, a, [
      { call: { tool: wait, arguments: { message: 'how are you?', other_agent_id: bob } } },
      { say: 'thanks' },
      { say: 'noted' },
    ]);
    await rest(talk);
    expect(await heard(alice, 'by the way')).toHaveLength(1);
    expect((await only(talk, 'message.answered')).map((answer) => answer.status)).toEqual(['success', 'success']);
  });

  test.each([
    [
      'an agent that is not there',
      { message: 'x', other_agent_id: 'agent-00000000-0000-4000-8000-000000000000' },
      'there is no agent',
    ],
    ['arguments of the wrong shape', { text: 'x' }, 'message'],
  ])('[CV8] a call with %s is answered with words', async (_what, args, words) => {
    const [alice, bob] = [await agent('Alice'), await agent('Bob')];
    const talk = await open([alice, bob]);
    await say(talk, a, [{ call: { tool: async_, arguments: args } }, { say: 'ok' }]);
    await rest(talk);
    expect(await only(talk, 'message.answered')).toMatchObject([
      { status: 'error', text: expect.stringContaining(words) },
    ]);
    expect((await requireConversation(t.database.pool, t.rt.workspaceId, talk.id)).turns).toBe(0);
  });

  test('[CV9] past maxTurns the conversation is stopped with the reason, and the agents’ tools are set back', async () => {
    const [alice, bob] = [await agent('Alice'), await agent('Bob')];
    const talk = await open([alice, bob], { maxTurns: 1 });
    const call = { tool: async_, arguments: { message: 'again', other_agent_id: bob } };
    await say(talk, b, [{ say: 'ready' }, { say: 'one' }]);
    await rest(talk);
    await say(talk, a, [{ call }, { call }, { say: 'enough' }]);
    await expect.poll(() => state(talk), { timeout: 10_000 }).toBe('stopped');
    expect(await only(talk, 'conversation.stopped')).toMatchObject([
      { why: 'turn_limit', reason: expect.stringContaining('1 turns') },
    ]);
    const { gateway } = t.rt.letta.require(server);
    await expect.poll(async () => (await gateway.findAgent(alice))?.approvalTools, { timeout: 10_000 }).toEqual([]);
    expect(await heard(bob, 'again')).toHaveLength(1);
    expect((await listed(alice)).at(-1)).toMatchObject({ messageType: 'assistant_message', content: 'enough' });
  });

  test('[CV10] a failed turn is told in the engine’s words, and whoever waits for it reads them', async () => {
    const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ fail: 'llm_error' }])];
    const talk = await open([alice, bob]);
    await say(talk, a, [
      { call: { tool: wait, arguments: { message: 'hi', other_agent_id: bob } } },
      { say: 'too bad' },
    ]);
    await rest(talk);
    const failed = (await only(talk, 'turn.ended')).find((turn) => turn.error !== null);
    expect(failed).toMatchObject({ seat: 'b', error: expect.stringContaining('llm_error') });
    expect(await only(talk, 'message.answered')).toMatchObject([
      { status: 'error', text: expect.stringContaining('Bob could not answer') },
    ]);
  });
});

describe('one transcript', () => {
  test('[CV11] every message that the engine lists is in the transcript once, in the engine’s order', async () => {
    const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ reason: 'hm', say: 'yes' }])];
    const talk = await open([alice, bob]);
    await say(talk, a, [
      { reason: 'call', call: { tool: wait, arguments: { message: 'hello', other_agent_id: bob } } },
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
    const { gateway } = t.rt.letta.require(server);
    const input = {
      kind: 'user' as const,
      text: JSON.stringify({ script: [{ say: 'hello stranger' }] }),
      otid: crypto.randomUUID(),
    };
    for await (const event of gateway.send({ agentId: bob, threadId: null }, input))
      expect(event.kind).not.toBe('nothing');
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
      { call: { tool: wait, arguments: { message: 'hello?', other_agent_id: bob } } },
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
    const make = () => createAgent(t.rt, t.ana, CreateAgent.parse({ name: 'Once', server }), idempotency);
    const [one, two] = [await make(), await make()];
    expect(two.id).toBe(one.id);
    const bob = await agent('Bob');
    const again = { ...idempotency, intentId: crypto.randomUUID() };
    const wanted = OpenConversation.parse({ seats: [{ agentId: one.id }, { agentId: bob }] });
    const first = await openConversation(t.rt, t.ana, wanted, again);
    opened.push(first);
    expect((await openConversation(t.rt, t.ana, wanted, again)).id).toBe(first.id);
  });
});

describe('interruptions', () => {
  test('[CV18] a program that stops in the middle of a carried call finishes it when it comes back: once', async () => {
    const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: 'slowly', stallMs: 1_200 }])];
    const talk = await open([alice, bob]);
    await say(talk, a, [
      { call: { tool: wait, arguments: { message: 'take your time', other_agent_id: bob } } },
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
      { call: { tool: wait, arguments: { message: 'are you there?', other_agent_id: bob } } },
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
    const { gateway } = t.rt.letta.require(server);
    expect((await gateway.findAgent(alice))?.approvalTools.sort()).toEqual([wait, async_, tags].sort());
    const released = await releaseEverything(t.rt, t.rt.workspaceId);
    expect(released.filter((each) => each.agentId === alice || each.agentId === bob)).toHaveLength(2);
    expect((await gateway.findAgent(alice))?.approvalTools).toEqual([]);
    expect(await state(talk)).toBe('stopped');
  });

  test('[CV34] a conversation opened while an earlier one still lets go of its agents is gated all the same', async () => {
    const [alice, bob] = [await agent('Alice'), await agent('Bob')];
    const { gateway } = t.rt.letta.require(server);
    for (let round = 0; round < 6; round += 1) {
      const talk = await open([alice, bob]);
      await say(talk, a, [{ say: 'hello' }]);
      if (round % 2) await rest(talk);
      await changeConversation(t.rt, t.ana, talk.id, { state: 'stopped' });
    }
    const last = await open([alice, bob]);
    await say(last, a, [
      { call: { tool: async_, arguments: { message: 'still there?', other_agent_id: bob } } },
      { say: 'ok' },
    ]);
    await rest(last);
    expect(await only(last, 'message.received')).toHaveLength(1);
    expect((await gateway.findAgent(alice))?.approvalTools).toContain(async_);
  });

  test('[CV21] a call that no turn of ours led to is carried all the same', async () => {
    const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: 'heard' }])];
    const talk = await open([alice, bob]);
    const { gateway } = t.rt.letta.require(server);
    const call = { tool: wait, arguments: { message: 'from elsewhere', other_agent_id: bob } };
    const text = JSON.stringify({ script: [{ call }, { say: 'done elsewhere' }] });
    for await (const event of gateway.send(
      { agentId: alice, threadId: null },
      { kind: 'user', text, otid: crypto.randomUUID() },
    )) {
      expect(event.kind).not.toBe('nothing');
    }
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
    const call = { tool: async_, arguments: { message: 'again', other_agent_id: bob } };
    await say(
      talk,
      a,
      Array.from({ length: 12 }, () => ({ call })),
    );
    const { gateway } = t.rt.letta.require(server);
    await expect.poll(() => state(talk), { timeout: 10_000 }).toBe('stopped');
    const isAtRest = async () => {
      const { rows } = await t.database.pool.query("SELECT 1 FROM turn WHERE agent_id = $1 AND state <> 'ended'", [
        alice,
      ]);
      return rows.length === 0 && (await gateway.findAgent(alice))?.pending === null;
    };
    await expect.poll(isAtRest, { timeout: 10_000 }).toBe(true);
    expect(await only(talk, 'message.delivery_failed')).toHaveLength(3);
  });
});
