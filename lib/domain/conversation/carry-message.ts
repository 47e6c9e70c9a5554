import { findHold, type Hold, ordinaryHold, type Passage } from '@/lib/domain/draft/find-hold';
import { offerMessage } from '@/lib/domain/draft/offer-message';
import type { CallMode } from '@/lib/protocol/entries/conversation-entries';
import { type AgentId, ConveyanceId, DraftId, type RuleId, type SeatId, TurnId } from '@/lib/protocol/ids';
import type {
  ConversationFact,
  ConversationState,
  ConveyanceState,
  Ids,
  QueuedTurn,
  SeatState,
} from './conversation-state';
import { threadKey, threadOf } from './conversation-state';
import { conveyanceWaits } from './conveyance-waits';
import { deliverMessage } from './deliver-message';
import { closesCircle } from './waiting-circle';

/** What is known of the agents to whom messages go: null where the engine knows none, and by tags. */
export type Directory = {
  agents: ReadonlyMap<AgentId, { name: string; seatedElsewhere: boolean } | null>;
  tagged: (matchAll: readonly string[], matchSome: readonly string[]) => AgentId[];
};

/** One message that the agent in a seat sends, whatever carries it. */
export type OutgoingMessage = {
  /** `isReleased`: a person offers what the agent wrote while its seat was held; it waits whatever the edge says. */
  author: { seat: SeatState; rootId: TurnId; isReleased?: boolean };
  /** The message of the author's transcript that it comes from: the request with its call, or what the agent said. */
  messageId: string;
  /** The call at which the author stands until it is answered; null where it does not wait (relay). */
  toolCallId: string | null;
  mode: CallMode;
  content: string;
  /** `otid` of the words that it carries, where a person speaks as the seat. */
  spokenOtid?: string;
};

/** What sending messages comes to. */
export type Carried = {
  facts: ConversationFact[];
  queue: QueuedTurn[];
  conveyances: ConveyanceState[];
  answers: Map<string, { status: 'success' | 'error'; text: string }>;
  /** Messages that go on their way: each is a turn of the conversation. */
  turns: number;
  /** A message could not be carried because the conversation has used its turns. */
  limitReached: boolean;
};

export const nothingCarried = (): Carried => ({
  facts: [],
  queue: [],
  conveyances: [],
  answers: new Map(),
  turns: 0,
  limitReached: false,
});

export const joinCarried = (one: Carried, other: Carried): Carried => ({
  facts: [...one.facts, ...other.facts],
  queue: [...one.queue, ...other.queue],
  conveyances: [...one.conveyances, ...other.conveyances],
  answers: new Map([...one.answers, ...other.answers]),
  turns: one.turns + other.turns,
  limitReached: one.limitReached || other.limitReached,
});

/** The conversation as the next message of the same decision finds it. */
export const withCarried = (state: ConversationState, { turns, conveyances, answers }: Carried): ConversationState => ({
  ...state,
  turns: state.turns + turns,
  openConveyances: [...state.openConveyances, ...conveyances.filter((each) => !answers.has(each.id))],
});

/**
 * Sends one message on its way to one agent: the author's end is recorded and a turn of the receiver queued. Where that
 * is refused (nobody there, seated elsewhere, itself, stopped, over the limit, an endless circle of waiting) the author's
 * end says why, and an author who stands at a call reads it.
 */
export function carryMessage(
  state: ConversationState,
  directory: Directory,
  message: OutgoingMessage,
  to: AgentId,
  ids: Ids,
): Carried {
  const { author } = message;
  const seat = state.seats.find((each) => each.agentId === to);
  const known = seat ? { name: seat.name, seatedElsewhere: false } : (directory.agents.get(to) ?? null);
  if (!known)
    return refuseMessage(message, { agentId: to, name: to }, `Error: there is no agent with ID '${to}'.`, ids);
  const thread = seat ? threadOf(state, seat) : { server: state.server, agentId: to, threadId: null };
  const isCircle =
    message.toolCallId !== null &&
    !seat?.holder &&
    closesCircle(
      conveyanceWaits(state, state.openConveyances),
      threadKey(threadOf(state, author.seat)),
      threadKey(thread),
    );
  const refusal = refusalOf(state, message, { agentId: to, ...known }, isCircle);
  if (refusal) {
    const refused = refuseMessage(message, { agentId: to, name: known.name }, refusal.text, ids);
    return { ...refused, limitReached: refusal.isLimit };
  }
  const receiver = { seat: seat?.id ?? null, agentId: to, name: known.name };
  const passage = passageOf(state, message, receiver);
  if (passage.kind === 'waits') {
    const waiting = newConveyance(message, { to: receiver.seat, agentId: to, name: known.name, turnId: null }, ids);
    return parkMessage(state, message, { ...waiting, toAgentId: to }, passage.hold, ids);
  }
  const turnId = TurnId.parse(ids.next());
  const sent = newConveyance(message, { to: seat?.id ?? null, agentId: to, name: known.name, turnId }, ids);
  const { facts, queue, conveyance, receipt } = deliverMessage(state, { ...sent, turnId }, author.seat, to, ids);
  const carried: Carried = {
    ...nothingCarried(),
    facts: [sentFact(sent, message.spokenOtid), ...passedByRule(state, sent, passage.ruleId), ...facts],
    conveyances: [conveyance],
    turns: 1,
    queue,
  };
  if (receipt) return withAnswer(carried, conveyance, receipt.status, receipt.text);
  // The receiver cannot read before the author goes on: the receipt comes first, or both would wait for ever.
  if (!isCircle) return carried;
  const text = `Message taken; ${known.name} will read it when the present turn has ended.`;
  return withAnswer(carried, conveyance, 'success', text);
}

function passageOf(
  { edges, rules }: ConversationState,
  { author: { seat, isReleased }, toolCallId, content }: OutgoingMessage,
  to: { seat: SeatId | null; agentId: AgentId; name: string },
): Passage {
  const passage = findHold(edges, rules, {
    from: { seat: seat.id, agentId: seat.agentId, name: seat.name },
    to,
    tool: seat.pending?.calls.find((call) => call.toolCallId === toolCallId)?.name ?? null,
    content,
  });
  if (!isReleased || passage.kind === 'waits') return passage;
  const edge = edges.find((each) => each.from === seat.id && each.to === to.seat) ?? ordinaryHold;
  const { reviewers, expirySeconds, undoSeconds } = edge;
  const why = `${seat.name} wrote it while a person sat in its place.`;
  return { kind: 'waits', hold: { reviewers, expirySeconds, undoSeconds, heldBy: 'quarantine', ruleId: null, why } };
}

/** The message waits for a person before anything leaves. It uses its turn of the conversation now. */
function parkMessage(
  state: ConversationState,
  { author, spokenOtid }: OutgoingMessage,
  conveyance: ConveyanceState & { toAgentId: AgentId },
  hold: Hold,
  ids: Ids,
): Carried {
  const parked = { ...conveyance, state: 'parked' as const, draftId: DraftId.parse(ids.next()) };
  const facts = [sentFact(parked, spokenOtid), ...offerMessage(state, author.seat, parked, hold)];
  return { ...nothingCarried(), facts, conveyances: [parked], turns: 1 };
}

const passedByRule = (
  { id: conversationId }: ConversationState,
  { id: conveyanceId }: ConveyanceState,
  ruleId: RuleId | null,
): ConversationFact[] =>
  ruleId === null
    ? []
    : [{ type: 'rule.used', payload: { ruleId, effect: 'pass', conversationId, conveyanceId, draftId: null } }];

/** The message goes nowhere; an author who stands at a call reads why. */
export function refuseMessage(
  message: OutgoingMessage,
  to: { agentId: AgentId | null; name: string },
  text: string,
  ids: Ids,
): Carried {
  const conveyance = newConveyance(message, { ...to, to: null, turnId: null }, ids);
  const failed: ConversationFact = {
    type: 'message.delivery_failed',
    payload: { conveyanceId: conveyance.id, outcome: 'refused', reason: text.replace(/^Error: /, '') },
  };
  const carried = { ...nothingCarried(), facts: [sentFact(conveyance), failed], conveyances: [conveyance] };
  return withAnswer(carried, conveyance, 'error', text);
}

/** Why a message to a known agent is not carried, in words for its author; null when it is. */
function refusalOf(
  state: ConversationState,
  { author, mode }: OutgoingMessage,
  to: { agentId: AgentId; name: string; seatedElsewhere: boolean },
  isCircle: boolean,
): { text: string; isLimit: boolean } | null {
  const because = (text: string, isLimit = false) => ({ text: `Error: ${text}`, isLimit });
  if (to.agentId === author.seat.agentId) return because('that is your own id; you cannot message yourself.');
  if (to.seatedElsewhere) return because(`${to.name} sits in another conversation and cannot be reached from here.`);
  if (state.phase === 'stopped') return because('this conversation is stopped; no more messages are carried.');
  if (state.conveyance !== 'engine' && state.turns >= state.maxTurns) {
    return because(`this conversation has used its ${state.maxTurns} turns; the message was not delivered.`, true);
  }
  if (isCircle && mode === 'reply') {
    return because(
      `${to.name} is waiting for you, so waiting for ${to.name} would never end. Your message was not delivered: finish your answer first.`,
    );
  }
  return null;
}

const newConveyance = (
  { author, messageId, toolCallId, mode, content }: OutgoingMessage,
  to: { to: SeatId | null; agentId: AgentId | null; name: string; turnId: TurnId | null },
  ids: Ids,
): ConveyanceState => ({
  id: ConveyanceId.parse(ids.next()),
  from: author.seat.id,
  fromTurnId: author.rootId,
  to: to.to,
  toAgentId: to.agentId,
  toName: to.name,
  messageId,
  toolCallId,
  mode,
  content,
  state: 'sent',
  turnId: to.turnId,
  answer: null,
  isWithPerson: false,
  draftId: null,
  edited: null,
});

/** The author's end. */
const sentFact = (conveyance: ConveyanceState, spokenOtid?: string): ConversationFact => ({
  type: 'message.sent',
  payload: {
    conveyanceId: conveyance.id,
    from: conveyance.from,
    to: conveyance.to,
    content: conveyance.content,
    mode: conveyance.mode,
    messageId: conveyance.messageId,
    toolCallId: conveyance.toolCallId,
    toName: conveyance.toName,
    toAgentId: conveyance.toAgentId,
    fromTurnId: conveyance.fromTurnId,
    turnId: conveyance.turnId,
    ...(conveyance.draftId === null ? {} : { draftId: conveyance.draftId }),
    ...(spokenOtid === undefined ? {} : { spokenOtid }),
  },
});

function withAnswer(
  carried: Carried,
  { id, toolCallId }: ConveyanceState,
  status: 'success' | 'error',
  text: string,
): Carried {
  const told: ConversationFact[] =
    toolCallId === null ? [] : [{ type: 'message.answered', payload: { conveyanceId: id, toolCallId, status, text } }];
  return {
    ...carried,
    facts: [...carried.facts, ...told],
    answers: new Map([...carried.answers, [id, { status, text }]]),
  };
}
