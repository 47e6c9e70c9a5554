import { CALL_GONE } from '@/lib/domain/draft/call-gone';
import { holdCall, isForPerson } from '@/lib/domain/draft/hold-call';
import type { PayloadOf } from '@/lib/protocol/entry';
import { type SeatId, TurnId } from '@/lib/protocol/ids';
import type { ToolCall } from '@/lib/protocol/message';
import { answersTurn } from './answer-calls';
import { carriedDecision } from './carried-decision';
import { type Carried, type Directory, joinCarried, nothingCarried, withCarried } from './carry-message';
import type {
  ConversationDecision,
  ConversationFact,
  ConversationState,
  ConveyanceState,
  Ids,
  QueuedTurn,
  SeatState,
  TurnState,
} from './conversation-state';
import { findSeat, threadOf } from './conversation-state';
import { decideCall } from './decide-call';
import { outgoingContent } from './deliver-message';
import { lateWords } from './late-output';
import { messagingCall, receiptText, replyText } from './messaging-call';
import { relaySpoken, type Spoken } from './relay-spoken';
import { withAnswers } from './with-answers';

/** An agent that goes on calling in a stopped conversation is told so this often, and then interrupted. */
const REFUSALS_MAX = 3;

const gone = { ok: false, code: 'conversation.state', message: 'The turn is over.' } as const;

const inputNames = { user: 'person', agent: 'message', answers: 'answers' } as const;

/** A queued turn goes to the engine: recorded before anything leaves. */
export function decideStartTurn(state: ConversationState, turnId: string): ConversationDecision {
  const turn = state.openTurns.find((each) => each.id === turnId);
  if (turn?.state !== 'queued') return gone;
  if (turn.input.kind !== 'answers' && state.phase === 'paused') {
    return { ok: false, code: 'conversation.state', message: 'The conversation is paused.' };
  }
  const { seat, input } = turn;
  if (state.seats.some((each) => each.id === seat && each.holder)) {
    return { ok: false, code: 'conversation.state', message: 'A person sits in this seat.' };
  }
  const otid = input.kind === 'answers' ? null : input.otid;
  return {
    ok: true,
    facts: [{ type: 'turn.started', payload: { seat, turnId: turn.id, input: inputNames[input.kind], otid } }],
    queue: [],
    wake: [],
  };
}

/** The engine has taken the input: a message that it carries has arrived, and an author who waits for that may go on. */
export function decideAccepted(
  state: ConversationState,
  turnId: string,
  now: { latencyMs: number },
  ids: Ids,
): ConversationDecision {
  const turn = state.openTurns.find((each) => each.id === turnId);
  if (turn?.state !== 'started' || turn.input.kind !== 'agent') return { ok: true, facts: [], queue: [], wake: [] };
  const { conveyanceId, otid } = turn.input;
  const conveyance = state.openConveyances.find((each) => each.id === conveyanceId);
  if (conveyance?.state !== 'sent') return { ok: true, facts: [], queue: [], wake: [] };
  const { from, to } = conveyance;
  const content = outgoingContent(conveyance);
  const facts: ConversationFact[] = [
    {
      type: 'message.received',
      payload: { conveyanceId, from, to, content, otid, turnId: turn.id, latencyMs: Math.round(now.latencyMs) },
    },
  ];
  if (conveyance.mode !== 'receipt' || conveyance.answer) return { ok: true, facts, queue: [], wake: [] };
  return withAnswers(state, facts, [{ conveyance, status: 'success', text: receiptText }], ids);
}

/** How a turn came to its end, as far as it is known. */
export type TurnEnd = {
  runId: string | null;
  stopReason: string;
  usage: PayloadOf<'turn.ended'>['usage'];
  error: string | null;
  /** The request at which the agent now stands. */
  pending: { messageId: string; calls: ToolCall[] } | null;
  /** What the agent said since the turn's root began, oldest first. */
  said: string[];
  /** The same for this very turn, each message by itself. */
  spoken: Spoken[];
  /** Nothing reached the engine, for certain. */
  isNotSent: boolean;
  /** Whether anything reached the engine cannot be said. */
  isUnknown: boolean;
  /** What a person said with the answers was not read: the calls that were let run have ended the turn, or it was cancelled. */
  isJoinedLeft?: boolean;
};

/** A turn is over: calls are carried, those who waited for this agent get their answers. */
export function decideEndTurn(
  state: ConversationState,
  turnId: string,
  end: TurnEnd,
  directory: Directory,
  ids: Ids,
): ConversationDecision {
  const turn = state.openTurns.find((each) => each.id === turnId);
  if (turn?.state !== 'started') return gone;
  const ended = endTurn(state, turn, end, directory, ids);
  return end.isJoinedLeft ? sayApart(state, ended, turn, ids) : ended;
}

function endTurn(
  state: ConversationState,
  turn: TurnState,
  end: TurnEnd,
  directory: Directory,
  ids: Ids,
): ConversationDecision {
  const facts: ConversationFact[] = [
    {
      type: 'turn.ended',
      payload: {
        seat: turn.seat,
        turnId: turn.id,
        runId: end.runId,
        stopReason: end.stopReason,
        usage: end.usage,
        error: end.error,
      },
    },
  ];
  if (end.stopReason === CALL_GONE) return leaveCall(state, turn, end, facts, ids);
  if (end.isNotSent && turn.input.kind === 'answers') {
    // The agent still stands at its call: the same answers go out again.
    const again = { ...turn, id: TurnId.parse(ids.next()) };
    return { ok: true, facts, queue: [again], wake: [turn.thread] };
  }
  const undelivered = end.isNotSent || end.isUnknown ? undeliveredFact(state, turn, end) : null;
  if (undelivered) return { ok: true, facts: [...facts, undelivered], queue: [], wake: [] };
  const seat = turn.seat ? findSeat(state, turn.seat) : undefined;
  if (seat?.holder) {
    const author = { seat: { ...seat, pending: end.pending }, rootId: turn.rootId };
    const late = [...lateFacts(state, seat, end), ...holdOthers(state, directory, author, ids)];
    return { ok: true, facts: [...facts, ...late], queue: [], wake: [] };
  }
  const author = seat && { seat: { ...seat, pending: end.pending }, rootId: turn.rootId };
  const isAwaited = awaiting(state, turn).length > 0;
  if (author && state.conveyance === 'relay' && !(isAwaited && !end.pending)) {
    // What somebody waits for at a call is the answer to that call. Relayed as well it would wait for that very call to end.
    const isKept = isAwaited || (turn.input.kind === 'user' && turn.input.isNote);
    const spoken = isKept ? [] : end.spoken;
    return carryCalls(state, directory, author, facts, ids, relaySpoken(state, directory, author, spoken, ids));
  }
  if (end.pending && author) return carryCalls(state, directory, author, facts, ids);
  if (end.pending) return { ok: true, facts, queue: [], wake: [] };
  return replyToAuthors(state, turn, end, facts, ids);
}

/**
 * Nobody stands at the call any more, so its answers stay here: whoever waited for the agent reads so, and what a person
 * said at this step goes to it by itself.
 */
function leaveCall(
  state: ConversationState,
  turn: TurnState,
  end: TurnEnd,
  facts: ConversationFact[],
  ids: Ids,
): ConversationDecision {
  return sayApart(state, replyToAuthors(state, turn, end, facts, ids), turn, ids);
}

/** What a person said with answers that did not take it along goes to the agent as a turn of its own, while that goes on. */
function sayApart(
  state: ConversationState,
  ended: ConversationDecision,
  turn: TurnState,
  ids: Ids,
): ConversationDecision {
  const joined = turn.input.kind === 'answers' ? turn.input.joined : undefined;
  if (!ended.ok || !joined || state.phase === 'stopped') return ended;
  const { turnId: _turnId, ...words } = joined;
  const id = TurnId.parse(ids.next());
  const spoken: QueuedTurn = { ...turn, id, rootId: id, input: { kind: 'user', ...words, isNext: true } };
  return { ...ended, queue: [...ended.queue, spoken], wake: [...ended.wake, turn.thread] };
}

/**
 * What an agent did while a person sits in its seat is carried to nobody, and whoever waits for the seat is the person's
 * to answer. What it wrote since was kept back as it came; what it had said before would have been relayed with the end.
 */
const lateFacts = (state: ConversationState, seat: SeatState, { spoken }: TurnEnd): ConversationFact[] =>
  (state.conveyance === 'relay' ? spoken : [])
    .filter(({ messageId }) => !state.quarantine.some((each) => each.messageId === messageId))
    .map(({ messageId, content }) => ({
      type: 'output.quarantined',
      payload: lateWords(seat.id, messageId, content),
    }));

/** Calls of other tools wait for a person wherever they come from: of a held seat, too. Its messages are kept back. */
function holdOthers(
  state: ConversationState,
  directory: Directory,
  { seat, rootId }: { seat: SeatState; rootId: TurnId },
  ids: Ids,
): ConversationFact[] {
  const { pending } = seat;
  if (!pending) return [];
  const author = { seat, rootId, messageId: pending.messageId };
  const others = pending.calls.filter((call) => messagingCall(call) === null);
  return others.flatMap((call) => holdCall(state, directory, author, call, ids).facts);
}

/** A message whose turn never reached the engine, or perhaps did: it stays to be retried by a person. */
function undeliveredFact(state: ConversationState, turn: TurnState, end: TurnEnd): ConversationFact | null {
  if (turn.input.kind !== 'agent') return null;
  const { conveyanceId } = turn.input;
  const conveyance = state.openConveyances.find((each) => each.id === conveyanceId);
  if (conveyance?.state !== 'sent') return null;
  return {
    type: 'message.delivery_failed',
    payload: {
      conveyanceId,
      outcome: end.isUnknown ? 'outcome_unknown' : 'failed',
      reason: end.error ?? 'The engine did not take it.',
    },
  };
}

/**
 * An agent in a seat stands at calls that no turn of ours led to: somebody speaks to it elsewhere, or an earlier Parley
 * left it there. Its messaging calls are carried like any other.
 * HAZARD: a call that is to be interrupted looks like one of these until it is.
 */
export function decideForeignCalls(
  state: ConversationState,
  seatId: SeatId,
  directory: Directory,
  ids: Ids,
): ConversationDecision {
  const nothing: ConversationDecision = { ok: true, facts: [], queue: [], wake: [] };
  const seat = findSeat(state, seatId);
  const isOurs = state.openTurns.some((turn) => turn.seat === seatId && turn.state === 'started');
  const isCarried = state.openConveyances.some((each) => each.messageId === seat?.pending?.messageId);
  const isHeld = state.drafts.some((each) => each.messageId === seat?.pending?.messageId);
  if (!seat?.pending || isOurs || isCarried || isHeld) return nothing;
  const givenUp = state.refusals.find((each) => each.seat === seatId && each.count >= REFUSALS_MAX);
  const author = { seat, rootId: givenUp?.rootId ?? TurnId.parse(ids.next()) };
  if (seat.holder) return { ok: true, facts: holdOthers(state, directory, author, ids), queue: [], wake: [] };
  return carryCalls(state, directory, author, [], ids);
}

function carryCalls(
  state: ConversationState,
  directory: Directory,
  author: { seat: SeatState; rootId: TurnId },
  facts: ConversationFact[],
  ids: Ids,
  relayed: Carried = nothingCarried(),
): ConversationDecision {
  const pending = author.seat.pending;
  if (!pending) return carriedDecision(state, facts, relayed, [], ids);
  const refusals = state.refusals.find((each) => each.rootId === author.rootId)?.count ?? 0;
  if (refusals >= REFUSALS_MAX)
    return {
      ...{ ok: true, facts, queue: [], wake: [] },
      interrupt: { ...threadOf(state, author.seat), messageId: pending.messageId },
    };
  let all = relayed;
  const drafts = [...state.drafts];
  for (const call of pending.calls) {
    const now = withCarried(state, all);
    const from = { ...author, messageId: pending.messageId };
    const isOwn = state.conveyance === 'tool' || isForPerson(now, directory, author.seat, call);
    const own = isOwn ? decideCall(now, directory, from, call, ids) : null;
    const held = own ? null : holdCall(now, directory, from, call, ids);
    if (held?.draft) drafts.push(held.draft);
    all = joinCarried(all, own ?? { ...nothingCarried(), facts: held?.facts ?? [] });
  }
  const answers = answersTurn({ ...state, drafts }, author.seat, all.conveyances, all.answers, ids, author.rootId);
  const seats = state.seats.map((each) => (each.id === author.seat.id ? author.seat : each));
  return carriedDecision({ ...state, seats, drafts }, facts, all, answers ? [answers] : [], ids);
}

/** Messages whose authors wait for what this agent says since they reached it. */
const awaiting = ({ openConveyances }: ConversationState, { rootId }: TurnState): ConveyanceState[] =>
  openConveyances.filter(
    ({ turnId, mode, state, answer }) => turnId === rootId && mode === 'reply' && state === 'received' && !answer,
  );

/** Answers the calls that waited for what this agent would say. */
function replyToAuthors(
  state: ConversationState,
  turn: TurnState,
  end: TurnEnd,
  facts: ConversationFact[],
  ids: Ids,
): ConversationDecision {
  const failed = end.error !== null || end.stopReason === 'cancelled';
  const replies = awaiting(state, turn).map((conveyance) => ({
    conveyance,
    ...(failed
      ? {
          status: 'error' as const,
          text: `Error: ${conveyance.toName} could not answer: ${end.error ?? 'the turn was cancelled'}`,
        }
      : { status: 'success' as const, text: replyText(turn.thread.agentId, end.said) }),
  }));
  return withAnswers(state, facts, replies, ids);
}
