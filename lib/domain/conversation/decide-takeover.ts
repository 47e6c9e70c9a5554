import { type PersonId, type SeatId, TurnId } from '@/lib/protocol/ids';
import type { ConversationDecision, ConversationFact, ConversationState, Ids, SeatState } from './conversation-state';
import { findSeat, threadOf } from './conversation-state';
import { arriveAtPerson, type Delivery } from './deliver-message';
import { endHold, type HeldSeat, isHeld, leaseOf, uncarriedCalls } from './end-hold';
import { withAnswers } from './with-answers';

/** A restart of Parley leaves a person at least so long in the seat. */
const LEASE_GRACE_MS = 60_000;

type Person = { personId: PersonId; name: string };

const noSeat = (state: ConversationState): ConversationDecision => ({
  ok: false,
  code: 'seat.not_found',
  message: `This conversation has the seats ${state.seats.map((seat) => seat.id).join(', ')}.`,
});

/** Whoever else sits there already keeps the seat. */
export const takenBy = ({ holder, name }: HeldSeat): ConversationDecision => ({
  ok: false,
  code: 'seat.taken',
  message: `${holder.name} sits in ${name}’s seat until ${holder.until}.`,
});

/**
 * A person takes an agent's seat until `until`, or renews the lease that they have. The agent's turn is interrupted, and
 * messages that have not gone out to it arrive at the person. `latencies` are those of messages on their way, in ms.
 */
export function decideTakeSeat(
  state: ConversationState,
  seatId: SeatId,
  person: Person,
  lease: { until: Date; reason: string | null; latencies: ReadonlyMap<string, number> },
  ids: Ids,
): ConversationDecision {
  const seat = findSeat(state, seatId);
  if (!seat) return noSeat(state);
  if (state.phase === 'stopped') {
    return { ok: false, code: 'conversation.state', message: 'The conversation is stopped; nobody sits in it.' };
  }
  if (isHeld(seat) && seat.holder.personId !== person.personId) return takenBy(seat);
  const until = lease.until.toISOString();
  const deadlines = [{ ...leaseOf(state, seat), dueAt: lease.until, graceMs: LEASE_GRACE_MS }];
  const held = { seat: seat.id, ...person };
  if (seat.holder) {
    return {
      ok: true,
      facts: [{ type: 'seat.renewed', payload: { ...held, until } }],
      queue: [],
      wake: [],
      deadlines,
    };
  }
  const taken: ConversationFact = { type: 'seat.taken', payload: { ...held, until, reason: lease.reason } };
  const kept = uncarriedCalls(state, seat).map(
    (payload): ConversationFact => ({ type: 'output.quarantined', payload }),
  );
  const arrivals = arrivalsAt(state, seat, person.personId, lease.latencies);
  const receipts = arrivals.flatMap(({ conveyance, receipt }) => (receipt ? [{ conveyance, ...receipt }] : []));
  const facts = [taken, ...kept, ...arrivals.flatMap((each) => each.facts)];
  const turn = state.openTurns.find((each) => each.seat === seat.id && each.state === 'started');
  return {
    ...withAnswers(state, facts, receipts, ids),
    deadlines,
    ...(turn ? { interrupt: { ...threadOf(state, seat), turnId: turn.id } } : {}),
  };
}

/** Messages that wait for the agent's thread to be free: they have not reached it, and do not any more. */
function arrivalsAt(
  state: ConversationState,
  seat: SeatState,
  personId: PersonId,
  latencies: ReadonlyMap<string, number>,
): Delivery[] {
  return state.openTurns.flatMap(({ seat: of, state: turn, input }) => {
    if (of !== seat.id || turn !== 'queued' || input.kind !== 'agent') return [];
    const conveyance = state.openConveyances.find((each) => each.id === input.conveyanceId);
    if (conveyance?.state !== 'sent') return [];
    return [arriveAtPerson(conveyance, personId, Math.round(latencies.get(conveyance.id) ?? 0))];
  });
}

/** The holder, or an admin in their place, gives the seat back to its agent, which is told `summary` first of all. */
export function decideHandBack(
  state: ConversationState,
  seatId: SeatId,
  by: Person & { isAdmin: boolean },
  summary: string | null,
  ids: Ids,
): ConversationDecision {
  const seat = findSeat(state, seatId);
  if (!seat) return noSeat(state);
  if (!isHeld(seat)) return { ok: false, code: 'seat.not_held', message: `Nobody sits in ${seat.name}’s seat.` };
  if (seat.holder.personId !== by.personId && !by.isAdmin) {
    const message = `${seat.holder.name} sits in ${seat.name}’s seat; only they or an admin can hand it back.`;
    return { ok: false, code: 'auth.forbidden', message };
  }
  const { until: _until, ...holder } = seat.holder;
  const told: ConversationFact = {
    type: 'seat.handed_back',
    payload: { seat: seat.id, ...holder, summary, why: 'handed_back' },
  };
  const left = leaveSeat(state, seat, [told], ids);
  if (summary === null || !left.ok || state.phase === 'stopped') return left;
  const turnId = TurnId.parse(ids.next());
  const otid = ids.next();
  return {
    ...left,
    facts: [
      ...left.facts,
      { type: 'message.spoken', payload: { to: seat.id, content: summary, personId: by.personId, turnId, otid } },
    ],
    queue: [
      ...left.queue,
      {
        id: turnId,
        rootId: turnId,
        seat: seat.id,
        thread: threadOf(state, seat),
        input: {
          kind: 'user',
          text: `[${seat.holder.name} sat in your place and hands back to you] ${summary}`,
          otid,
          senderName: by.name,
          isNext: true,
        },
      },
    ],
  };
}

/** The lease has run out: the agent goes on by itself. */
export function decideExpireSeat(state: ConversationState, seatId: SeatId, ids: Ids): ConversationDecision {
  const seat = findSeat(state, seatId);
  if (!seat || !isHeld(seat)) return { ok: true, facts: [], queue: [], wake: [] };
  const { until: _until, ...holder } = seat.holder;
  return leaveSeat(state, seat, [{ type: 'seat.expired', payload: { seat: seat.id, ...holder } }], ids);
}

function leaveSeat(
  state: ConversationState,
  seat: HeldSeat,
  told: ConversationFact[],
  ids: Ids,
): ConversationDecision & { ok: true } {
  const ended = endHold(state, seat, state.phase === 'stopped', ids);
  const answered = withAnswers(state, [...told, ...ended.facts], ended.replies, ids);
  return {
    ...answered,
    queue: [...ended.queue, ...answered.queue],
    // What waited for the agent while the person sat there goes on, too.
    wake: [...answered.wake, ...ended.wake],
    deadlines: ended.deadlines,
  };
}
