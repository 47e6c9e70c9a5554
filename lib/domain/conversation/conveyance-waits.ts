import type { ConversationState, ConveyanceState } from './conversation-state';
import { threadKey, threadOf } from './conversation-state';
import type { Wait } from './waiting-circle';

/** Who stands at a call that somebody else's thread has to answer, because of these messages. */
export function conveyanceWaits(state: ConversationState, conveyances: readonly ConveyanceState[]): Wait[] {
  return conveyances.flatMap((each) => {
    const seat = state.seats.find((candidate) => candidate.id === each.from);
    const isWaiting =
      each.toolCallId !== null &&
      each.answer === null &&
      (each.state === 'parked' || each.state === 'sent' || (each.state === 'received' && each.mode === 'reply'));
    if (!seat || each.toAgentId === null || !isWaiting) return [];
    const receiver = state.seats.find((candidate) => candidate.id === each.to);
    if (receiver?.holder) return []; // The person who sits there can always answer.
    const to = receiver ? threadOf(state, receiver) : { server: state.server, agentId: each.toAgentId, threadId: null };
    return [{ from: threadKey(threadOf(state, seat)), to: threadKey(to) }];
  });
}
