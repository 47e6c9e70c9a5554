import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AgentId, SeatId } from '@/lib/protocol/ids';
import type { AgentMessage } from '@/lib/protocol/message';
import type { ConversationFact, Ids } from './conversation-state';
import { type EngineMessage, type LinkContext, linkEngineMessage } from './link-engine-message';

const [alice, bob, carol] = [AgentId.parse('agent-a'), AgentId.parse('agent-b'), AgentId.parse('agent-c')];
const [a, b] = [SeatId.parse('a'), SeatId.parse('b')];
const tell = 'send_message_to_agent_async';
const ask = 'send_message_to_agent_and_wait_for_reply';

const context: LinkContext = {
  seats: [
    { id: a, agentId: alice },
    { id: b, agentId: bob },
  ],
  names: new Map([
    [alice, 'Alice'],
    [bob, 'Bob'],
    [carol, 'Carol'],
  ]),
  ownCalls: new Set(),
  standing: null,
};

const blank = { runId: 'run-1', stepId: null, otid: null, senderId: null, senderName: null };
const date = '2026-11-21T04:00:00.000Z';
let messages = 0;
const message = (more: Partial<AgentMessage> & Pick<AgentMessage, 'messageType'>): AgentMessage => ({
  ...blank,
  date,
  messageId: `message-${messages++}`,
  ...more,
});
const arrival = (from: AgentId, words: string, more: Partial<AgentMessage> = {}) =>
  message({
    messageType: 'system_message',
    otid: 'otid-1',
    content: `[Incoming message from agent with ID '${from}' - your response will be delivered to the sender] ${words}`,
    ...more,
  });
const call = (tool: string, to: AgentId, words: string, toolCallId = 'call-1') =>
  message({
    messageType: 'tool_call_message',
    toolCall: { toolCallId, name: tool, arguments: JSON.stringify({ message: words, other_agent_id: to }) },
  });
const back = (text: string, status: 'success' | 'error' = 'success', toolCallId = 'call-1') =>
  message({ messageType: 'tool_return_message', toolReturn: { toolCallId, name: null, status, text } });

/** Tells one message after the other, as they are listed. */
function told(steps: [SeatId, AgentMessage][], given: Partial<LinkContext> = {}) {
  let next = 0;
  const ids: Ids = { next: () => `00000000-0000-4000-8000-${String(next++).padStart(12, '0')}` };
  let known: EngineMessage[] = [];
  const facts: ConversationFact[] = [];
  for (const [seat, each] of steps) {
    const linked = linkEngineMessage({ ...context, ...given }, known, seat, each, ids);
    known = linked.known;
    facts.push(...linked.facts);
  }
  return { facts, known, types: facts.map((fact) => fact.type) };
}

const idsOf = (facts: readonly ConversationFact[]) =>
  new Set(facts.map((fact) => ('conveyanceId' in fact.payload ? fact.payload.conveyanceId : null)));

describe('[CV41] both ends of a message that Letta delivers are linked', () => {
  const steps: [SeatId, AgentMessage][] = [
    [b, arrival(alice, 'Hello Bob\nhello bob')],
    [a, call(ask, bob, 'Hello Bob')],
    [a, back("{'agent_id': 'agent-b', 'response': ['hi']}")],
  ];

  test('[CV41] the arrival is listed first, the call when the receiver has answered', () => {
    const { facts, known, types } = told(steps);
    expect(types).toEqual(['message.received', 'message.sent', 'message.answered']);
    expect(facts[0]).toMatchObject({
      payload: { from: 'a', to: 'b', content: 'Hello Bob', otid: 'otid-1', carrier: 'engine', fromName: 'Alice' },
    });
    expect(facts[1]).toMatchObject({
      payload: { from: 'a', to: 'b', content: 'Hello Bob', mode: 'reply', toolCallId: 'call-1', toName: 'Bob' },
    });
    expect(idsOf(facts).size).toBe(1);
    expect(known).toEqual([]);
  });

  test.each([
    [
      'what the server prints of it as Python',
      '{"To": null, "Ok": true}',
      "{'To': None, 'Ok': True}\n{'to': none, 'ok': true}",
    ],
    ['a text that is longer in lower case', 'İSTANBUL İyi', 'İSTANBUL İyi\ni̇stanbul i̇yi'],
    ['nothing at all', '', ''],
  ])('[CV41] %s is linked, whichever end is listed first', (_what, said, heard) => {
    const ends: [SeatId, AgentMessage][] = [
      [b, arrival(alice, heard)],
      [a, call(ask, bob, said)],
    ];
    for (const order of [ends, ends.toReversed()]) {
      const { facts, known } = told([...order, [a, back('ok')]]);
      expect(idsOf(facts).size).toBe(1);
      expect(facts).toHaveLength(3);
      expect(known).toEqual([]);
      const received = facts.find(({ type }) => type === 'message.received');
      expect(received?.payload).not.toMatchObject({ content: expect.stringContaining('\n') });
    }
  });

  test('[CV41] in whatever order the threads are read, and however often the same is said', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        fc.infiniteStream(fc.boolean()),
        (texts, awaited, coin) => {
          const repeated = (text: string) =>
            awaited && text !== text.toLowerCase() ? `${text}\n${text.toLowerCase()}` : text;
          const arrivals = texts.map((text): [SeatId, AgentMessage] => [b, arrival(alice, repeated(text))]);
          const calls = texts.flatMap((text, n): [SeatId, AgentMessage][] => [
            [a, call(awaited ? ask : tell, bob, text, `call-${n}`)],
            [a, back('ok', 'success', `call-${n}`)],
          ]);
          const order: [SeatId, AgentMessage][] = [];
          while (arrivals.length + calls.length > 0) {
            const next = (coin.next().value ? arrivals : calls).shift() ?? arrivals.shift() ?? calls.shift();
            if (next) order.push(next);
          }
          const { facts, known } = told(order);
          expect(known).toEqual([]);
          expect(facts).toHaveLength(texts.length * 3);
          for (const id of idsOf(facts)) {
            const own = facts.filter((fact) => 'conveyanceId' in fact.payload && fact.payload.conveyanceId === id);
            expect(own.map((fact) => fact.type).sort()).toEqual([
              'message.answered',
              'message.received',
              'message.sent',
            ]);
          }
        },
      ),
    );
  });
});

test('[CV42] a call that fails before anything arrives was not delivered, in the engine’s words', () => {
  const { facts, known, types } = told([
    [a, call(tell, bob, 'Hi')],
    [a, back('Error executing function: NotFoundError', 'error')],
  ]);
  expect(types).toEqual(['message.sent', 'message.delivery_failed', 'message.answered']);
  expect(facts[1]).toMatchObject({ payload: { outcome: 'failed', reason: expect.stringContaining('NotFoundError') } });
  expect(known).toEqual([]);
});

test('[CV42] an arrival whose author then reads an error has arrived all the same', () => {
  const { types } = told([
    [b, arrival(alice, 'hi')],
    [a, call(ask, bob, 'hi')],
    [a, back('Error: the connection broke', 'error')],
  ]);
  expect(types).toEqual(['message.received', 'message.sent', 'message.answered']);
});

describe('[CV43] agents without a seat', () => {
  test('[CV43] a message of a third agent names it, and waits for no other end', () => {
    const { facts, known } = told([[b, arrival(carol, 'psst')]]);
    expect(facts).toMatchObject([{ payload: { from: null, to: 'b', content: 'psst', fromName: 'Carol' } }]);
    expect(known).toEqual([]);
  });

  test('[CV43] a message to a third agent names it', () => {
    const { facts, known } = told([
      [a, call(tell, carol, 'psst')],
      [a, back('Successfully sent message')],
    ]);
    expect(facts[0]).toMatchObject({ payload: { from: 'a', to: null, toName: 'Carol', toAgentId: carol } });
    expect(known).toEqual([]);
  });
});

test('[CV44] a call by tags is linked to every arrival that came of it', () => {
  const tags = { toolCallId: 'call-1', name: 'send_message_to_agents_matching_tags' };
  const toMany = message({
    messageType: 'tool_call_message',
    toolCall: { ...tags, arguments: JSON.stringify({ message: 'All', match_all: ['team'] }) },
  });
  const { facts, known, types } = told([
    [b, arrival(alice, 'All\nall')],
    [a, toMany],
    [a, back("[{'agent_id': 'agent-b', 'response': ['here']}]")],
  ]);
  expect(types).toEqual(['message.received', 'message.sent', 'message.answered']);
  expect(idsOf(facts).size).toBe(1);
  expect(known).toEqual([]);
});

describe('[CV45] what is not Letta’s own delivery is linked to nothing', () => {
  test.each([
    ['a message that Parley delivered, which names its sender', [b, arrival(alice, 'hi', { senderId: alice })]],
    ['an agent’s own prompt', [b, arrival(alice, 'hi', { runId: null })]],
    ['words of a person that look like it', [b, arrival(alice, 'hi', { messageType: 'user_message' })]],
    ['another tool', [a, call('archival_memory_insert', bob, 'hi')]],
    ['arguments that nobody can read', [a, broken()]],
  ] as [string, [SeatId, AgentMessage]][])('[CV45] %s', (_what, step) => {
    expect(told([step])).toMatchObject({ facts: [], known: [] });
  });

  test('[CV45] a call that Parley carries', () => {
    expect(told([[a, call(tell, bob, 'hi')]], { ownCalls: new Set(['call-1']) }).facts).toEqual([]);
  });
});

test('[CV46] a call that somebody else let go on is linked when its return is seen', () => {
  const standing = {
    messageId: 'message-x',
    calls: [{ toolCallId: 'call-1', name: tell, arguments: JSON.stringify({ message: 'hi', other_agent_id: bob }) }],
  };
  const { facts, types } = told(
    [
      [b, arrival(alice, 'hi')],
      [a, back('Successfully sent message')],
    ],
    { standing },
  );
  expect(types).toEqual(['message.received', 'message.sent', 'message.answered']);
  expect(facts[1]).toMatchObject({ payload: { messageId: 'message-x' } });
  expect(idsOf(facts).size).toBe(1);
});

function broken(): AgentMessage {
  return message({ messageType: 'tool_call_message', toolCall: { toolCallId: 'call-9', name: tell, arguments: '{' } });
}
