import type { TurnId } from '@/lib/protocol/ids';
import { type Carried, carryMessage, type Directory, joinCarried, nothingCarried, withCarried } from './carry-message';
import type { ConversationState, Ids, SeatState } from './conversation-state';

/** What an agent has said in a turn: a finished message of its transcript. */
export type Spoken = { messageId: string; content: string };

/**
 * Carries what the agent in a seat has said to the next seat, in the order of the seats and from the last to the first:
 * with two seats that is the other one, with more the words go around. Everybody at once would double the messages with
 * every round.
 */
export function relaySpoken(
  state: ConversationState,
  directory: Directory,
  author: { seat: SeatState; rootId: TurnId },
  spoken: readonly Spoken[],
  ids: Ids,
): Carried {
  const next = nextSeat(state, author.seat);
  if (state.phase === 'stopped' || !next) return nothingCarried();
  return spoken.reduce((carried, { messageId, content }) => {
    // One message that the limit holds back is told; the conversation ends with it.
    if (carried.limitReached || content.trim() === '') return carried;
    const message = { author, messageId, toolCallId: null, mode: 'none' as const, content };
    return joinCarried(carried, carryMessage(withCarried(state, carried), directory, message, next.agentId, ids));
  }, nothingCarried());
}

function nextSeat({ seats }: ConversationState, seat: SeatState): SeatState | undefined {
  const at = seats.findIndex((each) => each.id === seat.id);
  const next = seats[(at + 1) % seats.length];
  return next?.id === seat.id ? undefined : next;
}
