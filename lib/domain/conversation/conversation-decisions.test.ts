import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConveyanceId, PersonId, SeatId } from '@/lib/protocol/ids';
import type { ToolCall } from '@/lib/protocol/message';
import type { ConversationState, ConveyanceState, Ids, TurnState } from './conversation-state';
import { decideChange } from './decide-change';
import { decideSettle } from './decide-settle';
import { decideSpeak } from './decide-speak';
import { decideAccepted, decideEndTurn, decideForeignCalls, decideStartTurn } from './decide-turn';
import {
  a,
  alice,
  conveyance as anyConveyance,
  turn as anyTurn,
  b,
  bob,
  conversation,
  end,
  nobody,
  seat,
  server,
  uuid,
} from './held-talk';
import { incomingText, messagingCall, replyText } from './messaging-call';
import { closesCircle } from './waiting-circle';

const idsFrom = (start: number): Ids => {
  let next = start;
  return { next: () => uuid(next++) };
};

const conveyanceId = ConveyanceId.parse(uuid(7));
/** On its way to an agent; nobody waits for a reply. */
const conveyance = (more: Partial<ConveyanceState> = {}) =>
  anyConveyance({ mode: 'receipt', state: 'sent', isWithPerson: false, ...more });
const turn = (more: Partial<TurnState> = {}) => anyTurn({ state: 'started', ...more });

const call = (name: string, args: object, id = 'call-1'): ToolCall => ({
  toolCallId: id,
  name,
  arguments: JSON.stringify(args),
});
const pending = {
  messageId: 'message-1',
  calls: [call('send_message_to_agent_async', { message: 'Hello', other_agent_id: bob })],
};
const factsOf = (decision: ReturnType<typeof decideSpeak>) => {
  if (!decision.ok) throw new Error(decision.message);
  return decision.facts;
};

describe('deliveries that fail', () => {
  const sent = conversation({
    seats: [seat(a, alice, 'Alice', { pending }), seat(b, bob, 'Bob')],
    openTurns: [turn()],
    openConveyances: [conveyance()],
  });

  test('[CV23] a message of which the engine cannot say whether it arrived is in doubt, and its author waits for a person', () => {
    const decision = decideEndTurn(
      sent,
      turn().id,
      end({ stopReason: 'lost', error: 'no trace', isUnknown: true }),
      nobody,
      idsFrom(20),
    );
    expect(factsOf(decision).slice(1)).toEqual([
      { type: 'message.delivery_failed', payload: { conveyanceId, outcome: 'outcome_unknown', reason: 'no trace' } },
    ]);
    expect(decision.ok && decision.queue).toEqual([]);
  });

  test('[CV24] a retry sends the same text again as a turn of its own; giving up answers the author', () => {
    const doubtful = { ...sent, openTurns: [], openConveyances: [conveyance({ state: 'outcome_unknown' as const })] };
    const retried = decideSettle(doubtful, conveyanceId, 'retry', idsFrom(20));
    expect(retried).toMatchObject({
      ok: true,
      facts: [{ type: 'message.delivery_retried' }],
      queue: [{ seat: 'b', input: { kind: 'agent', conveyanceId } }],
    });
    const dropped = decideSettle(doubtful, conveyanceId, 'drop', idsFrom(20));
    expect(dropped).toMatchObject({
      ok: true,
      facts: [
        { type: 'message.delivery_failed', payload: { outcome: 'dropped' } },
        {
          type: 'message.answered',
          payload: { status: 'error', text: 'Error: the message to Bob was not delivered.' },
        },
      ],
      queue: [{ seat: 'a', input: { kind: 'answers', messageId: 'message-1' } }],
    });
    expect(decideSettle(sent, conveyanceId, 'retry', idsFrom(20))).toMatchObject({
      ok: false,
      code: 'conveyance.state',
    });
  });

  test('[CV25] answers that did not arrive go out again as they were', () => {
    const input = {
      kind: 'answers' as const,
      messageId: 'message-1',
      results: [{ toolCallId: 'call-1', status: 'success' as const, text: 'ok' }],
    };
    const answering = turn({ seat: a, thread: { server, agentId: alice, threadId: null }, input });
    const decision = decideEndTurn(
      { ...sent, openTurns: [answering] },
      answering.id,
      end({ stopReason: 'not_sent', error: 'busy', isNotSent: true }),
      nobody,
      idsFrom(20),
    );
    expect(decision).toMatchObject({ ok: true, queue: [{ input, rootId: answering.rootId }] });
  });

  test('[CV26] what has been told as delivered once is not told again', () => {
    const first = decideAccepted(sent, turn().id, { latencyMs: 12 }, idsFrom(20));
    expect(factsOf(first).map((fact) => fact.type)).toEqual(['message.received', 'message.answered']);
    const again = decideAccepted(
      { ...sent, openConveyances: [conveyance({ state: 'received' })] },
      turn().id,
      { latencyMs: 12 },
      idsFrom(20),
    );
    expect(factsOf(again)).toEqual([]);
  });
});

describe('calls', () => {
  const calling = (calls: ToolCall[], more: Partial<ConversationState> = {}) => {
    const own = turn({
      seat: a,
      thread: { server, agentId: alice, threadId: null },
      input: { kind: 'user', text: 'x', otid: 'o', senderName: 'Ana' },
    });
    const state = conversation({ openTurns: [own], ...more });
    return decideEndTurn(
      state,
      own.id,
      end({ stopReason: 'requires_approval', pending: { messageId: 'message-1', calls } }),
      nobody,
      idsFrom(20),
    );
  };

  test('[CV27] a step that also calls a tool which somebody else has gated waits for people to decide about that', () => {
    const decision = calling([...pending.calls, call('pay_invoice', { amount: 5 }, 'call-2')]);
    expect(factsOf(decision).map((fact) => fact.type)).toEqual([
      'turn.ended',
      'message.sent',
      'draft.offered',
      'draft.parked',
    ]);
    const sent = conversation({
      seats: [
        seat(a, alice, 'Alice', {
          pending: { messageId: 'message-1', calls: [...pending.calls, call('pay_invoice', {}, 'call-2')] },
        }),
        seat(b, bob, 'Bob'),
      ],
      openTurns: [turn()],
      openConveyances: [conveyance()],
    });
    expect(decideAccepted(sent, turn().id, { latencyMs: 1 }, idsFrom(40))).toMatchObject({ ok: true, queue: [] });
  });

  test('[CV28] an agent that calls itself reads that it cannot', () => {
    const decision = calling([call('send_message_to_agent_async', { message: 'me', other_agent_id: alice })]);
    expect(factsOf(decision).at(-1)).toMatchObject({ type: 'message.answered', payload: { status: 'error' } });
  });

  test('[CV29] whatever a model writes as arguments is answered with words, never thrown', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json()),
        fc.constantFrom('send_message_to_agent_async', 'send_message_to_agents_matching_tags'),
        (text, name) => {
          const parsed = messagingCall({ toolCallId: 'c', name, arguments: text });
          expect(parsed?.ok === true || (parsed?.ok === false && parsed.text.startsWith('Error: '))).toBe(true);
        },
      ),
    );
    expect(messagingCall({ toolCallId: 'c', name: 'archival_memory_search', arguments: '{}' })).toBeNull();
  });

  test('[CV30] the words for receiver and author are the server’s own', () => {
    expect(incomingText(alice, 'Hi', 'reply')).toBe(
      "[Incoming message from agent with ID 'agent-a' - your response will be delivered to the sender] Hi",
    );
    expect(replyText(bob, [])).toBe("{'agent_id': 'agent-b', 'response': ['<no response>']}");
    expect(replyText(bob, ["it's", 'a\nb', `both ' and "`])).toBe(
      `{'agent_id': 'agent-b', 'response': ["it's", 'a\\nb', 'both \\' and "']}`,
    );
  });
});

describe('what is refused', () => {
  test('[CV22] the call that is to be interrupted is refused no further while it stands', () => {
    const stopped = (count: number) =>
      conversation({
        ...{ phase: 'stopped', seats: [seat(a, alice, 'Alice', { pending }), seat(b, bob, 'Bob')] },
        refusals: [
          { seat: a, rootId: turn().rootId, count },
          { seat: b, rootId: turn().rootId, count: 3 },
        ],
      });
    const { messageId } = pending;
    const givenUp = decideForeignCalls(stopped(3), a, nobody, idsFrom(100));
    expect(givenUp).toMatchObject({ ok: true, facts: [], queue: [], interrupt: { agentId: alice, messageId } });
    expect(factsOf(decideForeignCalls(stopped(2), a, nobody, idsFrom(100))).map(({ type }) => type)).toEqual([
      'message.sent',
      'message.delivery_failed',
      'message.answered',
    ]);
  });

  test('[CV31] nobody is spoken to in a stopped conversation, nor in a seat that is not there', () => {
    const speech = { to: a, content: 'x', personId: PersonId.parse('ana'), personName: 'Ana' };
    expect(decideSpeak(conversation({ phase: 'stopped' }), speech, idsFrom(1))).toMatchObject({
      ok: false,
      code: 'conversation.state',
    });
    expect(decideSpeak(conversation(), { ...speech, to: SeatId.parse('z') }, idsFrom(1))).toMatchObject({
      ok: false,
      fields: { to: 'one of a, b' },
    });
  });

  test('[CV32] a stop is final, and a limit below what is used is refused', () => {
    expect(decideChange(conversation({ phase: 'stopped' }), { state: 'running' }, idsFrom(1))).toMatchObject({
      ok: false,
      code: 'conversation.state',
    });
    expect(decideChange(conversation({ turns: 5 }), { maxTurns: 4 }, idsFrom(1))).toMatchObject({
      ok: false,
      fields: { maxTurns: expect.stringContaining('5') },
    });
    expect(decideChange(conversation(), { state: 'running' }, idsFrom(1))).toMatchObject({ ok: true, facts: [] });
  });

  test('[CV33] a turn goes out once, and none but answers while paused', () => {
    const queued = turn({ state: 'queued' });
    expect(decideStartTurn(conversation({ openTurns: [queued] }), queued.id)).toMatchObject({ ok: true });
    expect(decideStartTurn(conversation({ openTurns: [turn()] }), queued.id)).toMatchObject({ ok: false });
    expect(decideStartTurn(conversation({ openTurns: [queued], phase: 'paused' }), queued.id)).toMatchObject({
      ok: false,
    });
  });
});

test('[CV6] a circle is found however long it is, and none is seen where there is none', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 2, maxLength: 20 }), (threads) => {
      const chain = threads.slice(1).map((to, index) => ({ from: threads[index] ?? '', to }));
      const [first = '', last = ''] = [threads[0], threads.at(-1)];
      expect(closesCircle(chain, last, first)).toBe(true);
      expect(closesCircle(chain, first, last)).toBe(false);
      expect(closesCircle(chain, `${first}!`, first)).toBe(threads.includes(`${first}!`));
    }),
  );
});
