import type { PayloadOf } from '@/lib/protocol/entry';
import { type SeatId, TurnId } from '@/lib/protocol/ids';
import type { ToolCall } from '@/lib/protocol/message';
import { answersTurn } from './answer-calls';
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
import { type Carried, type Directory, decideCall } from './decide-call';
import { receiptText, replyText } from './messaging-call';

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
  const { from, to, content } = conveyance;
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
  /** Nothing reached the engine, for certain. */
  isNotSent: boolean;
  /** Whether anything reached the engine cannot be said. */
  isUnknown: boolean;
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
  if (end.isNotSent && turn.input.kind === 'answers') {
    // The agent still stands at its call: the same answers go out again.
    const again = { ...turn, id: TurnId.parse(ids.next()) };
    return { ok: true, facts, queue: [again], wake: [turn.thread] };
  }
  const undelivered = end.isNotSent || end.isUnknown ? undeliveredFact(state, turn, end) : null;
  if (undelivered) return { ok: true, facts: [...facts, undelivered], queue: [], wake: [] };
  const seat = turn.seat ? findSeat(state, turn.seat) : undefined;
  if (end.pending && seat && state.conveyance === 'tool') {
    return carryCalls(state, directory, { seat: { ...seat, pending: end.pending }, rootId: turn.rootId }, facts, ids);
  }
  if (end.pending) return { ok: true, facts, queue: [], wake: [] };
  return replyToAuthors(state, turn, end, facts, ids);
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
  if (!seat?.pending || isOurs || isCarried || state.conveyance !== 'tool') return nothing;
  return carryCalls(state, directory, { seat, rootId: TurnId.parse(ids.next()) }, [], ids);
}

function carryCalls(
  state: ConversationState,
  directory: Directory,
  author: { seat: SeatState; rootId: TurnId },
  facts: ConversationFact[],
  ids: Ids,
): ConversationDecision {
  const pending = author.seat.pending;
  if (!pending) return { ok: true, facts, queue: [], wake: [] };
  const refusals = state.refusals.find((each) => each.rootId === author.rootId)?.count ?? 0;
  if (refusals >= REFUSALS_MAX)
    return { ok: true, facts, queue: [], wake: [], interrupt: threadOf(state, author.seat) };
  const all: Carried = { facts: [], queue: [], conveyances: [], answers: new Map(), turns: 0, limitReached: false };
  for (const call of pending.calls) {
    const soFar: ConversationState = {
      ...state,
      turns: state.turns + all.turns,
      openConveyances: [...state.openConveyances, ...all.conveyances.filter((each) => !all.answers.has(each.id))],
    };
    const carried = decideCall(soFar, directory, { ...author, messageId: pending.messageId }, call, ids);
    if (!carried) continue; // Not a messaging tool: somebody else asked for its approval, and must answer it.
    all.facts.push(...carried.facts);
    all.queue.push(...carried.queue);
    all.conveyances.push(...carried.conveyances);
    for (const [conveyanceId, answer] of carried.answers) all.answers.set(conveyanceId, answer);
    all.turns += carried.turns;
    all.limitReached ||= carried.limitReached;
  }
  const answers = answersTurn(state, author.seat, all.conveyances, all.answers, ids);
  const queue = answers ? [...all.queue, answers] : all.queue;
  const stop: ConversationFact[] =
    all.limitReached && state.phase !== 'stopped'
      ? [
          {
            type: 'conversation.stopped',
            payload: { why: 'turn_limit', reason: `The limit of ${state.maxTurns} turns is reached.` },
          },
        ]
      : [];
  return { ok: true, facts: [...facts, ...all.facts, ...stop], queue, wake: queue.map((turn) => turn.thread) };
}

/** Answers the calls that waited for what this agent would say. */
function replyToAuthors(
  state: ConversationState,
  turn: TurnState,
  end: TurnEnd,
  facts: ConversationFact[],
  ids: Ids,
): ConversationDecision {
  const waiting = state.openConveyances.filter(
    (each) => each.turnId === turn.rootId && each.mode === 'reply' && each.state === 'received' && !each.answer,
  );
  const failed = end.error !== null || end.stopReason === 'cancelled';
  const replies = waiting.map((conveyance) => ({
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

type Reply = { conveyance: ConveyanceState; status: 'success' | 'error'; text: string };

/** Adds answers to calls, and the turns that take them to their authors once all calls of a step have one. */
export function withAnswers(
  state: ConversationState,
  facts: ConversationFact[],
  replies: readonly Reply[],
  ids: Ids,
): ConversationDecision {
  const answered = replies.flatMap(({ conveyance, status, text }): ConversationFact[] =>
    conveyance.toolCallId === null
      ? []
      : [
          {
            type: 'message.answered',
            payload: { conveyanceId: conveyance.id, toolCallId: conveyance.toolCallId, status, text },
          },
        ],
  );
  const answers = new Map(replies.map(({ conveyance, status, text }) => [conveyance.id, { status, text }]));
  const authors = new Set(replies.map(({ conveyance }) => conveyance.from));
  const queue = [...authors].flatMap((author): QueuedTurn[] => {
    const seat = findSeat(state, author);
    const turn = seat ? answersTurn(state, seat, state.openConveyances, answers, ids) : null;
    return turn ? [turn] : [];
  });
  return { ok: true, facts: [...facts, ...answered], queue, wake: queue.map((turn) => turn.thread) };
}
