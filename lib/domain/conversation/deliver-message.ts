import type { AgentId, PersonId, TurnId } from '@/lib/protocol/ids';
import type {
  ConversationFact,
  ConversationState,
  ConveyanceState,
  Ids,
  QueuedTurn,
  SeatState,
} from './conversation-state';
import { findSeat, threadOf } from './conversation-state';
import { incomingText, receiptText } from './messaging-call';

/** How a message goes to its receiver. `receipt` is what its author reads at once, where that is due. */
export type Delivery = {
  facts: ConversationFact[];
  queue: QueuedTurn[];
  conveyance: ConveyanceState;
  receipt: { status: 'success'; text: string } | null;
};

/** What its receiver reads: as it was written, or as a reviewer has edited it. */
export const outgoingContent = ({ content, edited }: ConveyanceState): string => edited?.content ?? content;

/**
 * Sends a message, as it was written or as a reviewer has edited it, to the agent `to`: a turn of it is queued, with the
 * fresh `turnId` of the message. Where a person sits in that agent's seat it arrives at them instead, at once.
 */
export function deliverMessage(
  state: ConversationState,
  conveyance: ConveyanceState & { turnId: TurnId },
  author: SeatState,
  to: AgentId,
  ids: Ids,
): Delivery {
  const receiver = conveyance.to ? findSeat(state, conveyance.to) : undefined;
  if (receiver?.holder) return arriveAtPerson(conveyance, receiver.holder.personId, 0);
  const { id, turnId, mode } = conveyance;
  // Nobody waits for the answer to what a person says as a seat, unless everything that is said is relayed.
  const wording = mode === 'none' && state.conveyance !== 'relay' ? 'receipt' : mode;
  const turn: QueuedTurn = {
    id: turnId,
    rootId: turnId,
    seat: conveyance.to,
    thread: receiver ? threadOf(state, receiver) : { server: state.server, agentId: to, threadId: null },
    input: {
      kind: 'agent',
      text: incomingText(author.agentId, outgoingContent(conveyance), wording),
      otid: ids.next(),
      senderId: author.agentId,
      senderName: author.name,
      conveyanceId: id,
    },
  };
  return { facts: [], queue: [turn], conveyance, receipt: null };
}

/** The message is there: the person in the receiver's seat reads it. Their next words answer whoever waits for a reply. */
export function arriveAtPerson(conveyance: ConveyanceState, personId: PersonId, latencyMs: number): Delivery {
  const { id, from, to, mode } = conveyance;
  return {
    facts: [
      {
        type: 'message.received',
        payload: {
          conveyanceId: id,
          from,
          to,
          content: outgoingContent(conveyance),
          otid: null,
          turnId: null,
          latencyMs,
          personId,
        },
      },
    ],
    queue: [],
    conveyance: { ...conveyance, state: 'received', isWithPerson: true },
    receipt: mode === 'receipt' && !conveyance.answer ? { status: 'success', text: receiptText } : null,
  };
}
