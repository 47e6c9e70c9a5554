import type { PayloadOf } from '@/lib/protocol/entry';
import type { ConversationDecision, ConversationFact, ConversationState, Ids } from './conversation-state';
import { withAnswers } from './decide-turn';

/** A conversation ends. Messages that have not gone out yet are given up, and their authors read why. */
export function decideStop(
  state: ConversationState,
  stop: PayloadOf<'conversation.stopped'>,
  ids: Ids,
): ConversationDecision {
  if (state.phase === 'stopped') return { ok: true, facts: [], queue: [], wake: [] };
  const queued = new Set(state.openTurns.filter((turn) => turn.state === 'queued').map((turn) => turn.id));
  const waiting = state.openConveyances.filter(
    (each) =>
      each.state === 'failed' ||
      each.state === 'outcome_unknown' ||
      (each.state === 'sent' && each.turnId !== null && queued.has(each.turnId)),
  );
  const dropped = waiting.map(
    (conveyance): ConversationFact => ({
      type: 'message.delivery_failed',
      payload: { conveyanceId: conveyance.id, outcome: 'dropped', reason: stop.reason },
    }),
  );
  const replies = waiting
    .filter((conveyance) => !conveyance.answer)
    .map((conveyance) => ({
      conveyance,
      status: 'error' as const,
      text: `Error: the conversation was stopped; the message to ${conveyance.toName} was not delivered.`,
    }));
  return withAnswers(state, [{ type: 'conversation.stopped', payload: stop }, ...dropped], replies, ids);
}
