import { TurnId } from '@/lib/protocol/ids';
import { answersTurn } from './answer-calls';
import { type Carried, joinCarried, nothingCarried, refuseMessage } from './carry-message';
import type {
  ConversationFact,
  ConversationState,
  ConveyanceState,
  DeadlineChange,
  Holder,
  Ids,
  QueuedTurn,
  SeatState,
  ThreadRef,
} from './conversation-state';
import { threadKey, threadOf } from './conversation-state';
import { conveyanceWaits } from './conveyance-waits';
import { deliverMessage } from './deliver-message';
import { lateCalls } from './late-output';
import { closesCircle } from './waiting-circle';

export type HeldSeat = SeatState & { holder: Holder };

export const isHeld = (seat: SeatState): seat is HeldSeat => seat.holder !== null;

/** What ending a hold comes to. `replies` answer calls of others that still wait for the seat. */
export type EndedHold = {
  facts: ConversationFact[];
  queue: QueuedTurn[];
  replies: { conveyance: ConveyanceState; status: 'error'; text: string }[];
  deadlines: DeadlineChange[];
  /** Threads whose answers waited for the end of the hold. */
  wake: ThreadRef[];
};

/** The deadline of a seat's lease. */
export const leaseOf = (state: ConversationState, seat: SeatState) => ({
  kind: 'seat.lease',
  subject: `${state.id}/${seat.id}`,
});

/** Calls of messaging tools at which the agent stands and that nobody has carried or held: made while a person sat there. */
export const uncarriedCalls = (state: ConversationState, { id, pending }: SeatState) =>
  pending === null
    ? []
    : lateCalls(id, pending.messageId, pending.calls).filter(
        ({ messageId, toolCallId }) =>
          !state.openConveyances.some((each) => each.messageId === messageId && each.toolCallId === toolCallId) &&
          !state.drafts.some((each) => each.messageId === messageId && each.toolCall?.toolCallId === toolCallId),
      );

/** Messages to this seat whose authors wait for what it says. */
export const waitingFor = (state: ConversationState, seat: SeatState): ConveyanceState[] =>
  state.openConveyances.filter(
    (each) => each.to === seat.id && each.mode === 'reply' && each.state === 'received' && !each.answer,
  );

/**
 * The agent sits in its seat again. It reads that what it asked to send meanwhile was not delivered; those who still
 * wait for the seat are heard by the agent now, or read that nobody will answer where it has heard them already.
 * `isStopped`: nothing goes out any more but answers.
 */
export function endHold(state: ConversationState, seat: HeldSeat, isStopped: boolean, ids: Ids): EndedHold {
  const refused = refuseUncarried(state, seat, ids);
  const answers = answersTurn(state, seat, [...state.openConveyances, ...refused.conveyances], refused.answers, ids);
  const seats = state.seats.map((each) => (each.id === seat.id ? { ...seat, holder: null } : each));
  const all: EndedHold = {
    facts: [...refused.facts],
    queue: answers ? [answers] : [],
    replies: [],
    deadlines: [{ ...leaseOf(state, seat), disarm: true }],
    wake: [threadOf(state, seat)],
  };
  let free: ConversationState = { ...state, seats };
  for (const conveyance of waitingFor(state, seat)) {
    // Its turn has not ended yet: that end answers it.
    const isUnderWay = state.openTurns.some(
      ({ state: turn, rootId }) => turn === 'started' && rootId === conveyance.turnId,
    );
    if (isUnderWay && !conveyance.isWithPerson) continue;
    const author = state.seats.find((each) => each.id === conveyance.from);
    const others = free.openConveyances.filter((each) => each.id !== conveyance.id);
    const isCircle =
      !author ||
      closesCircle(conveyanceWaits(free, others), threadKey(threadOf(state, author)), threadKey(threadOf(state, seat)));
    if (!conveyance.isWithPerson || isStopped || isCircle) {
      free = { ...free, openConveyances: others };
      all.replies.push({ conveyance, status: 'error', text: `Error: ${seat.name} did not answer.` });
      continue;
    }
    const turnId = TurnId.parse(ids.next());
    const delivery = deliverMessage(free, { ...conveyance, turnId }, author, seat.agentId, ids);
    all.facts.push({ type: 'message.delivery_retried', payload: { conveyanceId: conveyance.id, turnId } });
    all.queue.push(...delivery.queue);
  }
  return all;
}

/** The same for every seat of a conversation that stops, told with the stop. */
export function endHolds(state: ConversationState, ids: Ids): EndedHold {
  const none: EndedHold = { facts: [], queue: [], replies: [], deadlines: [], wake: [] };
  return state.seats.filter(isHeld).reduce((all, seat) => {
    const { until: _until, ...holder } = seat.holder;
    const ended = endHold(state, seat, true, ids);
    const told: ConversationFact = {
      type: 'seat.handed_back',
      payload: { seat: seat.id, ...holder, summary: null, why: 'conversation_stopped' },
    };
    return {
      facts: [...all.facts, told, ...ended.facts],
      queue: [...all.queue, ...ended.queue],
      replies: [...all.replies, ...ended.replies],
      deadlines: [...all.deadlines, ...ended.deadlines],
      wake: [...all.wake, ...ended.wake],
    };
  }, none);
}

function refuseUncarried(state: ConversationState, seat: HeldSeat, ids: Ids): Carried {
  const known = state.openConveyances.find((each) => each.messageId === seat.pending?.messageId)?.fromTurnId;
  const rootId = known ?? TurnId.parse(ids.next());
  return uncarriedCalls(state, seat).reduce((refused, { messageId, toolCallId, content, mode, toAgentId }) => {
    const to = state.seats.find((each) => each.agentId === toAgentId);
    return joinCarried(
      refused,
      refuseMessage(
        { author: { seat, rootId }, messageId, toolCallId, mode, content },
        { agentId: toAgentId, name: to?.name ?? toAgentId ?? 'nobody' },
        `Error: ${seat.holder.name} sat in your place; this message was not delivered.`,
        ids,
      ),
    );
  }, nothingCarried());
}
