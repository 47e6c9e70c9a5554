import type { AgentId, ConversationId, ConveyanceId, SeatId } from '@/lib/protocol/ids';

/** One end of a message: the agent, and its seat in that conversation, if it has one. */
export type TalkEnd = { agentId: AgentId; name: string; seat: SeatId | null };

/** What happened to a message between agents, as its entry tells. `at` in milliseconds since 1970. */
export type TalkEvent = {
  kind: 'sent' | 'received' | 'answered';
  conveyanceId: ConveyanceId;
  conversationId: ConversationId;
  entry: number;
  streamSeq: number;
  at: number;
  /** Null where the entry does not say it. */
  from: TalkEnd | null;
  to: TalkEnd | null;
  /** A person spoke as the author, or heard it in the receiver's seat. */
  byPerson: boolean;
  /** Of what is sent: its author stands at the call until the receiver has spoken. */
  isAwaited: boolean;
  latencyMs: number | null;
};

/** One message that arrived, or one answer to one, between two agents. */
export type TalkSample = {
  from: TalkEnd;
  to: TalkEnd;
  valueMs: number | null;
  at: number;
  entry: number;
  streamSeq: number;
  conversationId: ConversationId;
};

/**
 * What arrived between agents, and how long they took to answer: from the arrival of the first message that has no
 * answer yet until the agent's own next message to its author, or until the call that waits for it is answered. What a
 * person answers in an agent's seat says nothing of the agent.
 */
export function talkSamples(events: readonly TalkEvent[]): { messages: TalkSample[]; answers: TalkSample[] } {
  const messages: TalkSample[] = [];
  const answers: TalkSample[] = [];
  const ends = new Map<ConveyanceId, Pick<TalkEvent, 'from' | 'to' | 'isAwaited'>>();
  const waiting = new Map<string, { at: number; ids: Set<ConveyanceId> }>();
  const answer = (event: TalkEvent, by: TalkEnd, to: TalkEnd) => {
    const key = keyOf(event, by, to);
    const since = waiting.get(key);
    waiting.delete(key);
    if (since && !event.byPerson) answers.push(sampleOf(event, by, to, event.at - since.at));
  };
  for (const event of events.toSorted((one, other) => one.at - other.at || one.entry - other.entry)) {
    const known = ends.get(event.conveyanceId);
    const [from, to] = [event.from ?? known?.from ?? null, event.to ?? known?.to ?? null];
    const isAwaited = event.isAwaited || known?.isAwaited === true;
    ends.set(event.conveyanceId, { from, to, isAwaited });
    if (!from || !to || from.agentId === to.agentId) continue;
    if (event.kind === 'sent') answer(event, from, to);
    if (event.kind === 'received') {
      messages.push(sampleOf(event, from, to, event.latencyMs));
      if (event.byPerson) continue;
      const key = keyOf(event, to, from);
      const since = waiting.get(key) ?? { at: event.at, ids: new Set() };
      since.ids.add(event.conveyanceId);
      waiting.set(key, since);
    }
    if (event.kind === 'answered' && isAwaited && waiting.get(keyOf(event, to, from))?.ids.has(event.conveyanceId)) {
      answer(event, to, from);
    }
  }
  return { messages, answers };
}

const keyOf = ({ conversationId }: TalkEvent, by: TalkEnd, to: TalkEnd) =>
  JSON.stringify([conversationId, by.agentId, to.agentId]);

const sampleOf = (event: TalkEvent, from: TalkEnd, to: TalkEnd, valueMs: number | null): TalkSample => ({
  from,
  to,
  valueMs: valueMs === null ? null : Math.max(0, valueMs),
  at: event.at,
  entry: event.entry,
  streamSeq: event.streamSeq,
  conversationId: event.conversationId,
});
