import { describe, expect, test } from 'vitest';
import { ConveyanceId, EntryId } from '@/lib/protocol/ids';
import type { ConversationState } from './conversation-state';
import { decideQuarantine } from './decide-quarantine';
import { decideSpeak } from './decide-speak';
import { decideSpeakAs } from './decide-speak-as';
import { decideStop } from './decide-stop';
import { decideExpireSeat, decideHandBack } from './decide-takeover';
import { decideEndTurn } from './decide-turn';
import {
  a,
  alice,
  aliceAsks,
  ana,
  asked,
  async_,
  b,
  bob,
  c,
  carol,
  conversation,
  conveyance,
  end,
  held,
  ids,
  made,
  nobody,
  seat,
  server,
  turn,
  types,
  uuid,
} from './held-talk';

describe('what was kept back', () => {
  const entryId = EntryId.parse(uuid(9));
  const output = {
    entryId,
    seq: 41,
    seat: b,
    messageId: 'm',
    toolCallId: null,
    content: 'late',
    mode: 'none' as const,
    toAgentId: null,
    state: 'kept' as const,
  };
  const release = { action: 'release' as const, personName: 'Ben' };

  test('[SE7] words that are released are offered as a draft of the seat, though its edge would let them pass', () => {
    const seats = [seat(a, alice, 'Alice'), seat(b, bob, 'Bob'), seat(c, carol, 'Carol')];
    const free = conversation({ seats, quarantine: [output] });
    const unclear = decideQuarantine(free, entryId, release, nobody, ids());
    expect(unclear).toMatchObject({ ok: false, fields: { to: 'one of a, c' } });
    const offered = made(decideQuarantine(free, entryId, { ...release, to: c }, nobody, ids()));
    expect(types(offered.facts)).toEqual(['output.released', 'message.sent', 'draft.offered', 'draft.parked']);
    expect(offered.facts[0]).toEqual({
      type: 'output.released',
      payload: { seat: b, entryId, messageId: 'm', toolCallId: null },
      cause: 41,
    });
    expect(offered.facts[2]).toMatchObject({ payload: { heldBy: 'quarantine', content: 'late', to: { seat: 'c' } } });
    expect(offered.queue).toEqual([]);
  });

  test('[SE7] each is settled once', () => {
    for (const state of ['released', 'dropped'] as const) {
      const settled = conversation({ quarantine: [{ ...output, state }] });
      expect(decideQuarantine(settled, entryId, { action: 'drop', personName: 'Ben' }, nobody, ids())).toMatchObject({
        ok: false,
        code: 'quarantine.settled',
      });
    }
    const stopped = conversation({ phase: 'stopped', quarantine: [output] });
    expect(decideQuarantine(stopped, entryId, release, nobody, ids())).toMatchObject({
      ok: false,
      code: 'conversation.state',
    });
    expect(decideQuarantine(stopped, entryId, { action: 'drop', personName: 'Ben' }, nobody, ids())).toMatchObject({
      ok: true,
    });
  });
});

describe('leaving', () => {
  const back = (state: ConversationState, summary: string | null = null) =>
    made(decideHandBack(state, b, { ...ana, isAdmin: false }, summary, ids()));

  test('[SE9] who waits is heard by the agent now', () => {
    const { facts, queue } = back(asked);
    expect(types(facts)).toEqual(['seat.handed_back', 'message.delivery_retried']);
    expect(queue).toMatchObject([{ seat: 'b', input: { kind: 'agent', text: expect.stringContaining('Hello') } }]);
  });

  test('[SE9] who was heard already, or is waited for by the agent itself, reads that nobody answered', () => {
    const heard = back({ ...asked, openConveyances: [conveyance({ isWithPerson: false })] });
    expect(heard.facts[1]).toMatchObject({ type: 'message.answered', payload: { text: 'Error: Bob did not answer.' } });
    const bobAsks = conveyance({
      id: ConveyanceId.parse(uuid(8)),
      from: b,
      to: a,
      toAgentId: alice,
      messageId: 'message-2',
      isWithPerson: false,
    });
    const pending = { messageId: 'message-2', calls: [async_(alice)] };
    const circle = back({ ...asked, seats: [aliceAsks, held({ pending })], openConveyances: [conveyance(), bobAsks] });
    expect(circle.facts[1]).toMatchObject({ type: 'message.answered', payload: { status: 'error' } });
    expect(circle.queue).toMatchObject([{ seat: 'a', input: { kind: 'answers' } }]);
  });

  test('[SE9] a turn that has not ended yet answers by itself', () => {
    const running = {
      ...asked,
      openTurns: [turn({ state: 'started' })],
      openConveyances: [conveyance({ isWithPerson: false })],
    };
    expect(types(back(running).facts)).toEqual(['seat.handed_back']);
  });

  test('[SE8] the summary goes before whatever else waits, and the lease is over', () => {
    const decision = back(asked, 'All is well.');
    expect(decision.queue.at(-1)).toMatchObject({
      input: { kind: 'user', isNext: true, text: expect.stringContaining('All is well.') },
    });
    expect(decision.deadlines).toEqual([{ kind: 'seat.lease', subject: `${uuid(1)}/b`, disarm: true }]);
    expect(decision.wake).toContainEqual({ server, agentId: bob, threadId: null });
  });

  test('[SE10] an expiry frees the seat once', () => {
    expect(types(made(decideExpireSeat(asked, b, ids())).facts)).toEqual(['seat.expired', 'message.delivery_retried']);
    expect(made(decideExpireSeat(conversation(), b, ids())).facts).toEqual([]);
  });

  test('[SE11] a stop by a person and one by the limit end the holds', () => {
    const stop = made(decideStop(asked, { why: 'person', reason: 'Enough.' }, ids()));
    expect(types(stop.facts)).toEqual(['conversation.stopped', 'seat.handed_back', 'message.answered']);
    expect(stop.deadlines).toHaveLength(1);
    const pending = { messageId: 'message-9', calls: [async_(alice, 'call-9')] };
    const carolCalls = seat(c, carol, 'Carol', { pending });
    const full: ConversationState = {
      ...asked,
      turns: 50,
      seats: [...asked.seats, carolCalls],
      openTurns: [turn({ seat: c, state: 'started', thread: { server, agentId: carol, threadId: null } })],
    };
    const limit = made(decideEndTurn(full, turn().id, end({ pending }), nobody, ids()));
    expect(types(limit.facts)).toEqual(expect.arrayContaining(['conversation.stopped', 'seat.handed_back']));
    expect(limit.deadlines).toHaveLength(1);
  });

  test.each(['speak', 'back', 'expire', 'stop'] as const)(
    '[SE4] whoever waits for the seat gets one answer, or is heard, when its holder is about to %s',
    (name) => {
      for (const isWithPerson of [true, false]) {
        const state = { ...asked, openConveyances: [conveyance({ isWithPerson })] };
        const moves = {
          speak: () => decideSpeakAs(state, { as: b, content: 'Yes', personId: ana.personId }, ids()),
          back: () => decideHandBack(state, b, { ...ana, isAdmin: false }, null, ids()),
          expire: () => decideExpireSeat(state, b, ids()),
          stop: () => decideStop(state, { why: 'person', reason: 'x' }, ids()),
        };
        const outcomes = types(made(moves[name]()).facts).filter(
          (type) => type === 'message.answered' || type === 'message.delivery_retried',
        );
        expect(outcomes).toHaveLength(1);
      }
    },
  );
});

test('[SE13] words for the next step are queued first, and join the answers that go out', () => {
  const words = { to: a, content: 'Stop here', ...{ personId: ana.personId, personName: 'Ana', isNext: true } };
  const spoken = made(decideSpeak(asked, words, ids()));
  const [queued] = spoken.queue;
  expect(queued).toMatchObject({ input: { isNext: true } });
  if (!queued) throw new Error('nothing was queued');
  const waiting: ConversationState = {
    ...asked,
    openTurns: [{ ...queued, state: 'queued', runId: null, isAccepted: false }],
  };
  const answered = made(decideSpeakAs(waiting, { as: b, content: 'Yes', personId: ana.personId }, ids()));
  expect(answered.queue).toMatchObject([
    { seat: 'a', input: { kind: 'answers', joined: { text: 'Stop here', turnId: queued.id } } },
  ]);
});
