import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type AgentId, SeatId } from '@/lib/protocol/ids';
import { askTool, sandboxServer, sandboxTalk, tagsTool, tellTool } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';

let t: TestRuntime;
const [a, b] = [SeatId.parse('a'), SeatId.parse('b')];
const { agent, entries, gateway, heard, listed, listener, now, only, open, rest, say, state, stopAll } = sandboxTalk(
  () => t,
);

beforeAll(async () => {
  t = await createTestRuntime();
});
afterAll(() => t.close());
afterEach(() => stopAll());

/** Letta keeps only the first call of a step otherwise. */
const allowParallelCalls = async (agentId: AgentId) => {
  const { url } = t.rt.letta.require(sandboxServer).status;
  const body = JSON.stringify({ model_settings: { provider_type: 'openai', parallel_tool_calls: true } });
  const headers = { 'Content-Type': 'application/json' };
  expect((await fetch(`${url}/v1/agents/${agentId}`, { method: 'PATCH', headers, body })).status).toBe(200);
};

describe('carrying calls', () => {
  test('[CV1] an async call returns at delivery; both ends are linked and name each other', async () => {
    const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: 'I heard you' }])];
    const talk = await open([alice, bob]);
    await say(talk, a, [
      { call: { tool: tellTool, arguments: { message: 'Hello Bob', other_agent_id: bob } } },
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
    expect((await now(talk)).turns).toBe(1);
  });

  test('[CV2] a call that waits returns what the receiver says, over all the steps that it takes', async () => {
    const [alice, carol] = [await agent('Alice'), await listener('Carol', [{ say: 'I agree' }])];
    const ask = { tool: askTool, arguments: { message: 'What do you think?', other_agent_id: carol } };
    const bob = await listener('Bob', [{ say: 'one moment', call: ask }, { say: 'Carol agrees' }]);
    const talk = await open([alice, bob, carol]);
    await say(talk, a, [
      { call: { tool: askTool, arguments: { message: 'Ask Carol', other_agent_id: bob } } },
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
          { tool: askTool, arguments: { message: 'one', other_agent_id: bob } },
          { tool: tellTool, arguments: { message: 'two', other_agent_id: carol } },
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
      { call: { tool: tagsTool, arguments: { message: 'who is there?', match_all: ['team'] } } },
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
    await say(talk, a, [{ call: { tool: tellTool, arguments: { message: 'hi', other_agent_id: bob } } }, { say: 'x' }]);
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
      { call: { tool: askTool, arguments: { message: 'and you?', other_agent_id: alice } } },
      { say: 'never mind' },
    ]);
    const talk = await open([alice, bob]);
    await say(talk, a, [
      { call: { tool: askTool, arguments: { message: 'how are you?', other_agent_id: bob } } },
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
      { call: { tool: tellTool, arguments: { message: 'by the way', other_agent_id: alice } } },
      { say: 'fine' },
    ]);
    const talk = await open([alice, bob]);
    await say(talk, a, [
      { call: { tool: askTool, arguments: { message: 'how are you?', other_agent_id: bob } } },
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
    await say(talk, a, [{ call: { tool: tellTool, arguments: args } }, { say: 'ok' }]);
    await rest(talk);
    expect(await only(talk, 'message.answered')).toMatchObject([
      { status: 'error', text: expect.stringContaining(words) },
    ]);
    expect((await now(talk)).turns).toBe(0);
  });

  test('[CV9] past maxTurns the conversation is stopped with the reason, and the agents’ tools are set back', async () => {
    const [alice, bob] = [await agent('Alice'), await agent('Bob')];
    const talk = await open([alice, bob], { maxTurns: 1 });
    const call = { tool: tellTool, arguments: { message: 'again', other_agent_id: bob } };
    await say(talk, b, [{ say: 'ready' }, { say: 'one' }]);
    await rest(talk);
    await say(talk, a, [{ call }, { call }, { say: 'enough' }]);
    await expect.poll(() => state(talk), { timeout: 10_000 }).toBe('stopped');
    expect(await only(talk, 'conversation.stopped')).toMatchObject([
      { why: 'turn_limit', reason: expect.stringContaining('1 turns') },
    ]);
    await expect.poll(async () => (await gateway().findAgent(alice))?.approvalTools, { timeout: 10_000 }).toEqual([]);
    expect(await heard(bob, 'again')).toHaveLength(1);
    expect((await listed(alice)).at(-1)).toMatchObject({ messageType: 'assistant_message', content: 'enough' });
  });

  test('[CV10] a failed turn is told in the engine’s words, and whoever waits for it reads them', async () => {
    const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ fail: 'llm_error' }])];
    const talk = await open([alice, bob]);
    await say(talk, a, [
      { call: { tool: askTool, arguments: { message: 'hi', other_agent_id: bob } } },
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
