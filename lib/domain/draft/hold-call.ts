import type { Directory } from '@/lib/domain/conversation/carry-message';
import type { ConversationFact, ConversationState, Ids, SeatState } from '@/lib/domain/conversation/conversation-state';
import { type MessagingCall, messagingCall } from '@/lib/domain/conversation/messaging-call';
import { verdictKinds } from '@/lib/protocol/draft';
import type { AgentId, TurnId } from '@/lib/protocol/ids';
import type { ToolCall } from '@/lib/protocol/message';
import type { DraftState } from './draft-state';
import { findHold } from './find-hold';
import { callVerdicts, offerCall, offerStanding } from './offer-call';

type Author = { seat: SeatState; rootId: TurnId; messageId: string };

/** `draft` null: the call goes on as it is. */
type HeldCall = { facts: ConversationFact[]; draft: DraftState | null };

/** Whether an edge wants the messaging calls of this seat to stop. */
export const isWatched = ({ edges }: Pick<ConversationState, 'edges'>, seat: Pick<SeatState, 'id'>): boolean =>
  edges.some(({ from, mode }) => from === seat.id && mode !== 'pass');

/** Whether it is for Parley that a call of this tool stops: for an edge, for a rule, or still, after either has passed. */
const isOurs = (state: ConversationState, seat: SeatState, tool: string): boolean =>
  isWatched(state, seat) || seat.gates?.includes(tool) === true;

/**
 * Whether a message that the engine would deliver is for an agent in whose place a person sits: then Parley carries it,
 * for no engine delivers to a person. Only of calls that stop for Parley.
 */
export function isForPerson(
  state: ConversationState,
  directory: Directory,
  author: SeatState,
  call: ToolCall,
): boolean {
  if (state.conveyance === 'tool' || !isOurs(state, author, call.name)) return false;
  const parsed = messagingCall(call);
  if (!parsed?.ok) return false;
  const agentIds = receiversOf(parsed, directory);
  return state.seats.some(({ agentId, holder }) => holder !== null && agentIds.includes(agentId));
}

const receiversOf = ({ target }: Extract<MessagingCall, { ok: true }>, { tagged }: Directory): AgentId[] =>
  'agentId' in target ? [target.agentId] : tagged(target.matchAll, target.matchSome);

/**
 * What becomes of a call that stands for approval and that Parley does not carry: a message that Letta would deliver obeys
 * the edge, any other call waits for a person.
 */
export function holdCall(
  state: ConversationState,
  directory: Directory,
  author: Author,
  call: ToolCall,
  ids: Ids,
): HeldCall {
  const parsed = state.conveyance === 'tool' ? null : messagingCall(call);
  if (parsed?.ok && isOurs(state, author.seat, call.name))
    return holdMessage(state, directory, author, call, parsed, ids);
  return offerCall(standingAt(state, author), call, state.rules, ids);
}

const standingAt = ({ id, server }: ConversationState, { seat, rootId, messageId }: Author) => ({
  conversationId: id,
  server,
  threadId: seat.threadId,
  from: { seat: seat.id, agentId: seat.agentId, name: seat.name },
  messageId,
  fromTurnId: rootId,
  runId: null,
});

function holdMessage(
  state: ConversationState,
  directory: Directory,
  author: Author,
  call: ToolCall,
  parsed: Extract<MessagingCall, { ok: true }>,
  ids: Ids,
): HeldCall {
  const { content } = parsed;
  const agentIds = receiversOf(parsed, directory);
  const { seat } = author;
  const from = { seat: seat.id, agentId: seat.agentId, name: seat.name };
  const receivers = agentIds
    .filter((agentId) => agentId !== seat.agentId)
    .map((agentId) => receiverOf(state, directory, agentId));
  const passages = receivers.map((to) => ({
    to,
    passage: findHold(state.edges, state.rules, { from, to, tool: call.name, content }),
  }));
  const used = passages.flatMap(({ passage }) => (passage.kind === 'passes' && passage.ruleId ? [passage.ruleId] : []));
  // One call is one answer in Letta: where it goes to several, the first edge that holds it holds all.
  for (const { to, passage } of passages) {
    if (passage.kind !== 'waits') continue;
    const others = receivers.length > 1 ? ` and ${receivers.length - 1} more` : '';
    const offer = {
      kind: 'message' as const,
      to: { ...(to.seat === null ? {} : { seat: to.seat }), agentId: to.agentId, name: `${to.name}${others}` },
      content,
      allowed: receivers.length > 1 ? [...callVerdicts] : [...verdictKinds],
    };
    return offerStanding(standingAt(state, author), call, offer, passage.hold, ids);
  }
  return { facts: used.map((ruleId) => usedRule(state, ruleId)), draft: null };
}

function receiverOf(state: ConversationState, directory: Directory, agentId: AgentId) {
  const seat = state.seats.find((each) => each.agentId === agentId);
  return { seat: seat?.id ?? null, agentId, name: seat?.name ?? directory.agents.get(agentId)?.name ?? agentId };
}

const usedRule = (
  { id: conversationId }: ConversationState,
  ruleId: Extract<ConversationFact, { type: 'rule.used' }>['payload']['ruleId'],
): ConversationFact => ({
  type: 'rule.used',
  payload: { ruleId, effect: 'pass', conversationId, conveyanceId: null, draftId: null },
});
