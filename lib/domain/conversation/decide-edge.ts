import type { Edge } from '@/lib/protocol/conversation';
import type { ConversationDecision, ConversationState } from './conversation-state';
import { findSeat } from './conversation-state';

/** A person sets how messages pass from one seat to another. What waits goes on waiting, what is on its way arrives. */
export function decideEdge(state: ConversationState, edge: Edge): ConversationDecision {
  const seats = state.seats.map((each) => each.id).join(', ');
  for (const end of ['from', 'to'] as const) {
    if (findSeat(state, edge[end])) continue;
    return { ok: false, code: 'request.invalid', message: 'No such seat.', fields: { [end]: `one of ${seats}` } };
  }
  if (edge.from === edge.to) {
    return {
      ok: false,
      code: 'request.invalid',
      message: 'An edge leads to another seat.',
      fields: { to: 'another seat' },
    };
  }
  if (state.phase === 'stopped') {
    return { ok: false, code: 'conversation.state', message: 'The conversation is stopped; nothing passes in it.' };
  }
  return { ok: true, facts: [{ type: 'edge.set', payload: edge }], queue: [], wake: [] };
}
