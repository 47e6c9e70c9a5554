import { type AgentId, ConveyanceId, type SeatId, TurnId } from '@/lib/protocol/ids';
import type { AgentMessage, ToolCall, ToolReturn } from '@/lib/protocol/message';
import { callsOf, returnsOf } from '@/lib/protocol/message-calls';
import type { ConversationFact, Ids } from './conversation-state';
import { areAlike, areWordsOf, incomingWords, mayBeWordsOf, withoutRepetition } from './incoming-words';
import { engineCall } from './messaging-call';

/** A message between agents that the engine delivers by itself, as far as it is known. */
export type EngineMessage = {
  id: ConveyanceId;
  from: SeatId;
  /** Null where the receiver has no seat here: nobody will tell of its arrival. */
  toAgentId: AgentId | null;
  /** What stands behind the engine's wrapping, or in the call. */
  words: string;
  toolCallId: string | null;
  isSent: boolean;
  isReceived: boolean;
  isAnswered: boolean;
};

export type LinkContext = {
  seats: readonly { id: SeatId; agentId: AgentId }[];
  /** Names of agents, as far as they are known. */
  names: ReadonlyMap<string, string>;
  /** Calls whose messages Parley carries: their ends are told elsewhere. */
  ownCalls: ReadonlySet<string>;
  /** The request at which the agent stood: the calls whose return may follow. */
  standing: { messageId: string; calls: readonly ToolCall[] } | null;
};

export type Linked = { facts: ConversationFact[]; known: EngineMessage[] };

/**
 * What a message of a seat's transcript tells of messages that the engine carries. Nothing in the receiver's run names
 * the author's run or call, and the author's step is listed only when the receiver has answered: the ends are joined by
 * author, receiver and words, the oldest first. `known` are the messages of which an end or the answer is missing.
 */
export function linkEngineMessage(
  context: LinkContext,
  known: readonly EngineMessage[],
  seat: SeatId,
  message: AgentMessage,
  ids: Ids,
): Linked {
  const incoming = incomingWords(message);
  if (incoming) {
    return linkArrival(context, known, seat, { ...incoming, otid: message.otid }, ids);
  }
  let linked: Linked = { facts: [], known: [...known] };
  const join = (more: Linked) => {
    linked = { facts: [...linked.facts, ...more.facts], known: more.known };
  };
  if (message.messageType === 'tool_call_message') {
    for (const call of callsOf(message)) join(linkCall(context, linked.known, seat, message.messageId, call, ids));
  }
  for (const given of returnsOf(message)) {
    const isKnown = linked.known.some((each) => each.toolCallId === given.toolCallId);
    const call = context.standing?.calls.find((each) => each.toolCallId === given.toolCallId);
    // Somebody else let a call go on that stood: only its return shows that.
    if (!isKnown && call && context.standing) {
      join(linkCall(context, linked.known, seat, context.standing.messageId, call, ids));
    }
    join(linkReturn(linked.known, given));
  }
  return linked;
}

const unsent = { toolCallId: null, isSent: false, isAnswered: false };

function linkArrival(
  context: LinkContext,
  known: readonly EngineMessage[],
  seat: SeatId,
  { senderId, words, otid }: { senderId: AgentId; words: string; otid: string | null },
  ids: Ids,
): Linked {
  const from = context.seats.find((each) => each.agentId === senderId)?.id ?? null;
  const toAgentId = context.seats.find((each) => each.id === seat)?.agentId ?? null;
  const awaited = known.filter((each) => !each.isReceived && each.from === from && each.toAgentId === toAgentId);
  const sent =
    awaited.find((each) => areWordsOf(words, each.words)) ?? awaited.find((each) => areAlike(words, each.words));
  const id = sent?.id ?? ConveyanceId.parse(ids.next());
  const received: ConversationFact = {
    type: 'message.received',
    payload: {
      conveyanceId: id,
      from,
      to: seat,
      content: sent?.words ?? withoutRepetition(words),
      carrier: 'engine',
      otid,
      turnId: null,
      latencyMs: null,
      fromAgentId: senderId,
      fromName: context.names.get(senderId) ?? senderId,
    },
  };
  if (from === null) return { facts: [received], known: [...known] };
  const arrived = { ...{ id, from, toAgentId, words: withoutRepetition(words) }, ...unsent, isReceived: true };
  return { facts: [received], known: sent ? updated(known, { ...sent, isReceived: true }) : [...known, arrived] };
}

function linkCall(
  context: LinkContext,
  known: readonly EngineMessage[],
  seat: SeatId,
  messageId: string,
  call: ToolCall,
  ids: Ids,
): Linked {
  const parsed = engineCall(call);
  if (!parsed?.ok || context.ownCalls.has(call.toolCallId)) return { facts: [], known: [...known] };
  const { target, content, mode } = parsed;
  const arrived = arrivalsOf(known, seat, content, 'agentId' in target ? target.agentId : null);
  const ends = arrived.length > 0 ? arrived : [null];
  const facts: ConversationFact[] = [];
  let rest = [...known];
  for (const end of ends) {
    const toAgentId = end?.toAgentId ?? ('agentId' in target ? target.agentId : null);
    const to = context.seats.find((each) => each.agentId === toAgentId)?.id ?? null;
    const id = end?.id ?? ConveyanceId.parse(ids.next());
    facts.push({
      type: 'message.sent',
      payload: {
        conveyanceId: id,
        from: seat,
        to,
        content,
        carrier: 'engine',
        mode,
        messageId,
        toolCallId: call.toolCallId,
        toName: toAgentId === null ? 'agents by tags' : (context.names.get(toAgentId) ?? toAgentId),
        toAgentId,
        fromTurnId: TurnId.parse(ids.next()),
        turnId: null,
      },
    });
    const told = { id, from: seat, toAgentId: to === null ? null : toAgentId, words: content };
    const { toolCallId } = call;
    rest = updated(rest, { ...told, toolCallId, isSent: true, isReceived: end !== null, isAnswered: false });
  }
  return { facts, known: rest };
}

/** What arrived of a message whose call has not been seen, at one agent or at all that it was for: the oldest each. */
function arrivalsOf(
  known: readonly EngineMessage[],
  seat: SeatId,
  content: string,
  toAgentId: AgentId | null,
): EngineMessage[] {
  const open = known.filter((each) => !each.isSent && each.from === seat);
  if (toAgentId === null) return open.filter((each) => mayBeWordsOf(each.words, content));
  const there = open.filter((each) => each.toAgentId === toAgentId);
  const arrived =
    there.find((each) => mayBeWordsOf(each.words, content)) ?? there.find((each) => areAlike(each.words, content));
  return arrived ? [arrived] : [];
}

/** A call that failed before anything arrived was not delivered; else its author has read how it went. */
function linkReturn(known: readonly EngineMessage[], { toolCallId, status, text }: ToolReturn): Linked {
  const facts: ConversationFact[] = [];
  let rest = [...known];
  for (const each of known.filter((one) => one.toolCallId === toolCallId && one.isSent && !one.isAnswered)) {
    const conveyanceId = each.id;
    const isLost = status === 'error' && !each.isReceived;
    if (isLost) {
      facts.push({
        type: 'message.delivery_failed',
        payload: { conveyanceId, outcome: 'failed', reason: text, carrier: 'engine' },
      });
    }
    facts.push({ type: 'message.answered', payload: { conveyanceId, toolCallId, status, text, carrier: 'engine' } });
    // What never arrives, or is for nobody in a seat, has no other end to wait for.
    const isReceived = each.isReceived || isLost || each.toAgentId === null;
    rest = updated(rest, { ...each, isReceived, isAnswered: true });
  }
  return { facts, known: rest };
}

/** A message of which everything is known is known no more. */
function updated(known: readonly EngineMessage[], message: EngineMessage): EngineMessage[] {
  const isWhole = message.isSent && message.isReceived && message.isAnswered;
  const others = known.filter((each) => each.id !== message.id);
  if (isWhole) return others;
  return known
    .map((each) => (each.id === message.id ? message : each))
    .concat(others.length < known.length ? [] : [message]);
}
