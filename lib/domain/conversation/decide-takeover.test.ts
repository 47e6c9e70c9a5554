import { describe, expect, test } from 'vitest';
import { ConveyanceId, SeatId, TurnId } from '@/lib/protocol/ids';
import type { AgentMessage } from '@/lib/protocol/message';
import { decideSettle } from './decide-settle';
import { decideSpeakAs } from './decide-speak-as';
import { decideTakeSeat } from './decide-takeover';
import { decideEndTurn, decideForeignCalls, decideStartTurn } from './decide-turn';
import {
  a,
  alice,
  aliceAsks,
  ana,
  asked,
  async_,
  b,
  ben,
  bob,
  c,
  carol,
  conversation,
  conveyance,
  end,
  held,
  ids,
  lease,
  made,
  nobody,
  seat,
  turn,
  types,
  until,
  uuid,
} from './held-talk';
import { lateOutput } from './late-output';

describe('taking', () => {
  test('[SE1] interrupts the turn, arms the lease, and renews it for the same person only', () => {
    const running = conversation({ openTurns: [turn({ state: 'started' })] });
    const taken = made(decideTakeSeat(running, b, ana, lease, ids()));
    expect(taken.facts).toEqual([{ type: 'seat.taken', payload: { seat: b, ...ana, until, reason: null } }]);
    expect(taken.interrupt).toMatchObject({ agentId: bob, turnId: turn().id });
    expect(taken.deadlines).toEqual([
      { kind: 'seat.lease', subject: `${uuid(1)}/b`, dueAt: lease.until, graceMs: 60_000 },
    ]);
    const renewed = made(decideTakeSeat(asked, b, ana, lease, ids()));
    expect(types(renewed.facts)).toEqual(['seat.renewed']);
    expect(renewed.interrupt).toBeUndefined();
  });

  test('[SE2] is refused where somebody else sits, where there is no such seat, and once it is stopped', () => {
    expect(decideTakeSeat(asked, b, ben, lease, ids())).toMatchObject({ ok: false, code: 'seat.taken' });
    expect(decideTakeSeat(asked, c, ben, lease, ids())).toMatchObject({ ok: false, code: 'seat.not_found' });
    expect(decideTakeSeat(conversation({ phase: 'stopped' }), b, ben, lease, ids())).toMatchObject({
      ok: false,
      code: 'conversation.state',
    });
  });

  test('[SE3] what waits for the agent arrives at the person, with the time that it was on its way', () => {
    const waiting = conversation({
      seats: [aliceAsks, seat(b, bob, 'Bob')],
      openTurns: [
        turn(),
        turn({ id: TurnId.parse(uuid(4)), input: { kind: 'user', text: 'x', otid: 'o', senderName: 'Ben' } }),
      ],
      openConveyances: [conveyance({ state: 'sent', mode: 'receipt', isWithPerson: false })],
    });
    const taken = made(decideTakeSeat(waiting, b, ana, lease, ids()));
    expect(types(taken.facts)).toEqual(['seat.taken', 'message.received', 'message.answered']);
    expect(taken.facts[1]).toMatchObject({ payload: { personId: 'ana', turnId: null, latencyMs: 812 } });
    expect(taken.queue).toMatchObject([{ seat: 'a', input: { kind: 'answers' } }]);
  });

  test('[SE5] a call that nobody has carried yet is kept back', () => {
    const pending = {
      messageId: 'message-9',
      calls: [async_(alice, 'call-9'), { ...async_(alice, 'call-8'), name: 'pay' }],
    };
    const standing = conversation({ seats: [seat(a, alice, 'Alice'), seat(b, bob, 'Bob', { pending })] });
    const taken = made(decideTakeSeat(standing, b, ana, lease, ids()));
    expect(taken.facts[1]).toMatchObject({
      type: 'output.quarantined',
      payload: { toolCallId: 'call-9', toAgentId: alice },
    });
    expect(taken.facts).toHaveLength(2);
  });
});

describe('holding', () => {
  test('[SE12] nothing goes out to the agent', () => {
    const waiting = conversation({ seats: [seat(a, alice, 'Alice'), held()], openTurns: [turn()] });
    expect(decideStartTurn(waiting, turn().id)).toMatchObject({ ok: false, code: 'conversation.state' });
    expect(decideStartTurn(conversation({ openTurns: [turn()] }), turn().id)).toMatchObject({ ok: true });
  });

  test('[SE5] the end of its turn carries no call, answers nobody and relays nothing', () => {
    const pending = { messageId: 'message-9', calls: [async_(alice, 'call-9')] };
    const running = { ...asked, openTurns: [turn({ state: 'started' })] };
    expect(types(made(decideEndTurn(running, turn().id, end({ pending }), nobody, ids())).facts)).toEqual([
      'turn.ended',
    ]);
    expect(types(made(decideEndTurn(running, turn().id, end({ said: ['late'] }), nobody, ids())).facts)).toEqual([
      'turn.ended',
    ]);
    const spoken = [{ messageId: 'message-8', content: 'said before' }];
    const relayed = made(decideEndTurn({ ...running, conveyance: 'relay' }, turn().id, end({ spoken }), nobody, ids()));
    expect(types(relayed.facts)).toEqual(['turn.ended', 'output.quarantined']);
    const standing = conversation({ seats: [seat(a, alice, 'Alice'), held({ pending })] });
    expect(made(decideForeignCalls(standing, b, nobody, ids())).facts).toEqual([]);
    const pays = { messageId: 'message-9', calls: [...pending.calls, { ...async_(alice, 'call-8'), name: 'pay' }] };
    const paying = conversation({ seats: [seat(a, alice, 'Alice'), held({ pending: pays })] });
    const offered = made(decideForeignCalls(paying, b, nobody, ids())).facts;
    expect(offered.filter(({ type }) => type === 'draft.offered')).toMatchObject([{ payload: { kind: 'tool_call' } }]);
  });

  test('[SE5] of what it writes its words and its messages are kept back, and no other call', () => {
    const message: AgentMessage = {
      ...{ messageId: 'm', messageType: 'assistant_message', content: 'late' },
      ...{ runId: 'r', stepId: null, otid: null, senderId: null, senderName: null, date: until },
    };
    expect(lateOutput(b, 'tool', message)).toMatchObject([{ content: 'late', toolCallId: null }]);
    expect(lateOutput(b, 'engine', message)).toEqual([]);
    expect(lateOutput(b, 'tool', { ...message, messageType: 'reasoning_message' })).toEqual([]);
    const asks = { ...message, messageType: 'approval_request_message' as const };
    const toolCalls = [
      async_(alice, 'one'),
      { ...async_(alice, 'two'), name: 'pay' },
      { ...async_(alice, 'three'), arguments: '{' },
    ];
    expect(lateOutput(b, 'tool', { ...asks, toolCalls }).map(({ toolCallId }) => toolCallId)).toEqual(['one', 'three']);
  });

  test('[SE3] a message that is sent again arrives at the person, too', () => {
    const failed = { ...asked, openConveyances: [conveyance({ state: 'failed', isWithPerson: false })] };
    const again = made(decideSettle(failed, conveyance().id, 'retry', ids()));
    expect(types(again.facts)).toEqual(['message.delivery_retried', 'message.received']);
    expect(again.queue).toEqual([]);
  });

  test('[SE4] the words of the holder answer all who wait, or those at whom they are aimed', () => {
    const others = {
      ...asked,
      openConveyances: [conveyance(), conveyance({ id: ConveyanceId.parse(uuid(8)), from: c, toolCallId: 'call-5' })],
    };
    const all = made(decideSpeakAs(others, { as: b, content: 'Yes', personId: ana.personId }, ids()));
    expect(types(all.facts)).toEqual(['message.spoken', 'message.answered', 'message.answered']);
    const one = made(decideSpeakAs(others, { as: b, to: a, content: 'Yes', personId: ana.personId }, ids()));
    expect(one.facts[1]).toMatchObject({ payload: { text: "{'agent_id': 'agent-b', 'response': ['Yes']}" } });
    expect(one.facts).toHaveLength(2);
  });

  test('[SE6] speaking as a seat takes holding it, a receiver, and turns that are left', () => {
    const three = conversation({ seats: [seat(a, alice, 'Alice'), held(), seat(c, carol, 'Carol')] });
    const words = { as: b, content: 'Hello', personId: ana.personId };
    expect(decideSpeakAs(three, words, ids())).toMatchObject({
      ok: false,
      code: 'request.invalid',
      fields: { to: 'one of a, b, c' },
    });
    expect(made(decideSpeakAs(three, { ...words, to: c }, ids())).queue).toMatchObject([{ seat: 'c' }]);
    expect(decideSpeakAs(three, { ...words, to: b }, ids())).toMatchObject({ ok: false });
    expect(decideSpeakAs(three, { ...words, as: SeatId.parse('z') }, ids())).toMatchObject({
      ok: false,
      fields: { as: expect.any(String) },
    });
    expect(decideSpeakAs(three, { ...words, personId: ben.personId }, ids())).toMatchObject({
      ok: false,
      code: 'seat.taken',
    });
    expect(decideSpeakAs(three, { ...words, as: a }, ids())).toMatchObject({ ok: false, code: 'seat.not_held' });
    expect(decideSpeakAs({ ...three, turns: 50 }, { ...words, to: c }, ids())).toMatchObject({
      ok: false,
      code: 'conversation.state',
    });
    expect(decideSpeakAs({ ...three, phase: 'stopped' }, { ...words, to: c }, ids())).toMatchObject({
      ok: false,
      code: 'conversation.state',
    });
  });

  test('[SE6] the words cross the edge of the seat: in review they wait', () => {
    const edge = { from: b, to: a, mode: 'review' as const, reviewers: 1, expirySeconds: 900, undoSeconds: 5 };
    const reviewed = conversation({ seats: [seat(a, alice, 'Alice'), held()], edges: [edge] });
    const decision = made(decideSpeakAs(reviewed, { as: b, content: 'Hello', personId: ana.personId }, ids()));
    expect(types(decision.facts)).toEqual(expect.arrayContaining(['message.spoken', 'message.sent', 'draft.parked']));
    expect(decision.queue).toEqual([]);
  });
});
