import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { demoAgents, demoAsk, demoHuman, demoPriming } from './demo-agents';
import { oneWayMessage } from './incoming-message';
import { requestIn, startTestSandbox, type TestSandbox } from './test-sandbox';

const ASYNC = 'send_message_to_agent_async';
const WAIT = 'send_message_to_agent_and_wait_for_reply';
const Draft = z.object({ message: z.string(), other_agent_id: z.string() });

/** Words of the seed's own walk-through, which the script must understand as well as ours. */
const seedPriming =
  'Hey - just letting you know I’m going to connect you with another one of my agent buddies. ' +
  'Hope you enjoy chatting with them (I think they’ll reach out directly).';
const seedAsk = (id: string) =>
  'Hey, my other agent friend is lonely and needs someone to chat to. Can you give them a ring? ' +
  `Their ID is ${id}. If you can reach them, have a short conversation but let me know after a few messages how they’re doing!`;

describe('the companion', () => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    sandbox = await startTestSandbox();
  });
  afterAll(() => sandbox.drop());

  const companion = (who: { name: string; persona: string }, tools: string[], human = demoHuman) =>
    sandbox.agent({
      name: who.name,
      model: 'sandbox/companion',
      tools,
      memory_blocks: [
        { label: 'persona', value: who.persona },
        { label: 'human', value: human },
      ],
    });
  const pair = async (tools: string[]) =>
    [await companion(demoAgents.alice, tools), await companion(demoAgents.bob, tools)] as const;
  const gate = (id: string) =>
    sandbox.client.patch(`/v1/agents/${id}/tools/approval/${ASYNC}`, { query: { requires_approval: true } });
  type Answer = Awaited<ReturnType<TestSandbox['say']>>;
  const textOf = (answer: Answer) => {
    const last = answer.messages.at(-1);
    return last?.message_type === 'assistant_message' && typeof last.content === 'string' ? last.content : null;
  };
  /** What Bob, or whoever it is, was told and said, as the listing has it. */
  const spoken = async (id: string) =>
    (await sandbox.transcript(id)).filter((message) => message.run_id).map((message) => message.message_type);

  /**
   * Carries calls between agents as Parley does: deliver, then answer the call with its receipt. `edit` may change a
   * draft. Gives what was carried and the last text that each agent ended a turn with.
   */
  const carry = async (agentId: string, opening: Answer, edit = (text: string) => text) => {
    const carried: { from: string; to: string; text: string }[] = [];
    const texts = new Map<string, string>();
    const waiting = [{ agentId, answer: opening }];
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { agentId: from, answer } = next;
      if (answer.stop_reason.stop_reason !== 'requires_approval') {
        const text = textOf(answer);
        if (text) texts.set(from, text);
        continue;
      }
      if (carried.length > 20) throw new Error('the conversation does not come to rest');
      const { request, id } = requestIn(answer.messages);
      const { message, other_agent_id: to } = Draft.parse(JSON.parse(request.tool_calls[0]?.arguments ?? ''));
      const text = edit(message);
      carried.push({ from, to, text });
      const heard = await sandbox.client.agents.messages.create(to, {
        messages: [{ role: 'system', content: oneWayMessage(from, text), sender_id: from }],
      });
      const receipt = {
        type: 'tool' as const,
        tool_call_id: id,
        tool_return: 'Successfully sent message',
        status: 'success' as const,
      };
      const after = await sandbox.client.agents.messages.create(from, {
        messages: [{ type: 'approval', approvals: [receipt] }],
      });
      waiting.push({ agentId: from, answer: after }, { agentId: to, answer: heard });
    }
    return { carried, texts };
  };

  it.each([
    ['our walk-through', demoPriming, demoAsk],
    ['the seed’s', seedPriming, seedAsk],
  ])('plays %s: prime Bob, ask Alice, three exchanges, and Alice reports', async (_what, priming, ask) => {
    const [alice, bob] = await pair([ASYNC]);
    await Promise.all([alice, bob].map((agent) => gate(agent.id)));
    const primed = await sandbox.say(bob.id, priming);
    expect(primed.messages.map((message) => message.message_type)).toEqual(['reasoning_message', 'assistant_message']);
    expect(textOf(primed)).toMatch(/friend|wonderful/);

    const asked = await sandbox.say(alice.id, ask(bob.id));
    expect(asked.messages.map((message) => message.message_type)).toEqual([
      'reasoning_message',
      'approval_request_message',
    ]);
    const { carried, texts } = await carry(alice.id, asked);
    expect(carried.map(({ from, to }) => [from, to])).toEqual(
      Array.from({ length: 3 }, () => [
        [alice.id, bob.id],
        [bob.id, alice.id],
      ]).flat(),
    );
    expect(carried[0]?.text).toMatch(/Alice.*How are you feeling today\?/);
    expect(new Set(carried.map(({ text }) => text)).size).toBe(6);
    const report = texts.get(alice.id) ?? '';
    expect(report).toMatch(/I reached your friend.*3 messages.*In their own words: “.*feel.*”/);
    const feeling = /“([^”]*)”/.exec(report)?.[1] ?? 'nothing';
    expect(carried.filter(({ from }) => from === bob.id).some(({ text }) => text.includes(feeling))).toBe(true);
    const types = await spoken(alice.id);
    expect(types.at(-1)).toBe('assistant_message');
    expect(
      (await sandbox.client.agents.retrieve(alice.id, { include: ['agent.pending_approval'] })).pending_approval,
    ).toBeNull();
  });

  it('takes up a topic that it heard, and answers the same to the same', async () => {
    const bobs = [await companion(demoAgents.bob, []), await companion(demoAgents.bob, [])];
    const text = oneWayMessage((await sandbox.agent()).id, 'Hello! How are you feeling today? I love music.');
    const answers = await Promise.all(
      bobs.map(({ id }) =>
        sandbox.client.agents.messages.create(id, { messages: [{ role: 'system', content: text }] }),
      ),
    );
    const [one, other] = answers.map(textOf);
    expect(one).toContain('music');
    expect(other).toBe(one);
  });

  it('comes to rest however often a person rewrites what is carried', async () => {
    const [alice, bob] = await pair([ASYNC]);
    await Promise.all([alice, bob].map((agent) => gate(agent.id)));
    const { carried } = await carry(alice.id, await sandbox.say(alice.id, demoAsk(bob.id)), () => 'Nice weather.');
    expect(carried.length).toBeGreaterThan(1);
    expect(carried.length).toBeLessThanOrEqual(6);
  });

  it('comes to rest when the server delivers by itself, one turn inside of the other', async () => {
    const [alice, bob] = await pair([ASYNC]);
    const answer = await sandbox.say(alice.id, demoAsk(bob.id));
    expect(answer.stop_reason.stop_reason).toBe('tool_rule');
    const calls = [...(await spoken(alice.id)), ...(await spoken(bob.id))].filter(
      (type) => type === 'tool_call_message',
    );
    expect(calls).toHaveLength(6);
  });

  it('talks and reports in one turn with the tool that waits, and answers as text there', async () => {
    const [alice, bob] = await pair([WAIT]);
    const answer = await sandbox.say(alice.id, demoAsk(bob.id));
    expect(answer.messages.filter((message) => message.message_type === 'tool_call_message')).toHaveLength(3);
    expect(textOf(answer)).toMatch(/I reached your friend/);
    expect((await spoken(bob.id)).filter((type) => type === 'tool_call_message')).toEqual([]);
    expect((await spoken(bob.id)).filter((type) => type === 'assistant_message')).toHaveLength(3);
  });

  it('does not talk to itself, and lets a goodbye be the end', async () => {
    const alice = await companion(demoAgents.alice, [ASYNC]);
    const hear = (from: string, text: string) =>
      sandbox.client.agents.messages.create(alice.id, {
        messages: [{ role: 'system', content: oneWayMessage(from, text) }],
      });
    const self = await hear(alice.id, 'How are you feeling today?');
    const other = await hear((await sandbox.agent()).id, 'Thank you, and goodbye!');
    for (const answer of [self, other]) {
      expect(answer.messages.map((message) => message.message_type)).toEqual([
        'reasoning_message',
        'assistant_message',
      ]);
    }
    expect(textOf(await sandbox.say(alice.id, 'Goodbye!'))).toContain('Alice');
  });

  it('says what it would say when it has no tool to say it with', async () => {
    const mute = await companion(demoAgents.alice, []);
    const other = await sandbox.agent();
    expect(textOf(await sandbox.say(mute.id, demoAsk(other.id)))).toMatch(/no tool/);
    const heard = await sandbox.client.agents.messages.create(mute.id, {
      messages: [{ role: 'system', content: oneWayMessage(other.id, 'How are you feeling today?') }],
    });
    expect(textOf(heard)).toMatch(/^If I could write back to agent-/);
  });

  it.each([
    ['send them the message “Tea at five?” please', 'Tea at five?'],
    ['and tell it that the train is late', 'I am asked to tell you that the train is late'],
    ['and ask whether lunch is on', 'I am asked to find out whether lunch is on'],
  ])('passes on what it is told to: %s', async (words, message) => {
    const [alice, bob] = await pair([ASYNC]);
    await gate(alice.id);
    const { request } = requestIn((await sandbox.say(alice.id, `Reach ${bob.id} ${words}`)).messages);
    expect(JSON.parse(request.tool_calls[0]?.arguments ?? '')).toEqual({ message, other_agent_id: bob.id });
  });

  it.each(['core_memory_append', 'memory_insert'])('remembers what it is told, by %s', async (tool) => {
    const alice = await companion(demoAgents.alice, [tool], 'nothing yet');
    const answer = await sandbox.say(alice.id, 'Please remember that my name is Ada and I live in Bath.');
    expect(answer.messages.map((message) => message.message_type)).toEqual([
      ...['reasoning_message', 'tool_call_message', 'tool_return_message', 'assistant_message'],
    ]);
    const { value } = await sandbox.client.agents.blocks.retrieve('human', { agent_id: alice.id });
    expect(value).toMatch(/^nothing yet\n.*my name is Ada and I live in Bath\./);
  });

  it('uses a custom tool that it is asked to use, and takes a no for an answer', async () => {
    const source_code = 'def pay_invoice(amount: float, to: str) -> str:\n    return "paid"';
    await sandbox.client.tools.upsert({ source_code, default_requires_approval: true });
    const alice = await companion(demoAgents.alice, ['pay_invoice']);
    const asked = await sandbox.say(alice.id, 'Could you pay the invoice of 12.50 euros to Baker?');
    const { request, id } = requestIn(asked.messages);
    expect(JSON.parse(request.tool_calls[0]?.arguments ?? '')).toEqual({ amount: 12.5, to: 'Baker' });
    const denied = await sandbox.client.agents.messages.create(alice.id, {
      messages: [
        { type: 'approval', approvals: [{ type: 'approval', tool_call_id: id, approve: false, reason: 'too much' }] },
      ],
    });
    expect(textOf(denied)).toContain('too much');
  });

  it('looks up what was said, and reaches all who carry a tag', async () => {
    const alice = await companion(demoAgents.alice, ['conversation_search', 'send_message_to_agents_matching_tags']);
    await sandbox.say(alice.id, 'My cat is called Fermat.');
    expect(textOf(await sandbox.say(alice.id, 'What did I say about cat?'))).toContain('Fermat');
    await sandbox.agent({ tags: ['crew'] });
    expect(textOf(await sandbox.say(alice.id, 'Tell all agents tagged crew that dinner is ready'))).toContain(
      '1 of them',
    );
  });

  it('answers in the words of its persona when nothing in particular is asked', async () => {
    const who = { name: 'Cleo', persona: 'You are Cleo, a careful critic. “Every claim wants a witness.”' };
    const cleo = await companion(who, []);
    expect(textOf(await sandbox.say(cleo.id, 'I have read about glaciers.'))).toMatch(/glaciers.*careful.*witness/);
  });
});
