import { type ConveyanceId, TurnId } from '@/lib/protocol/ids';
import type { ConversationDecision, ConversationFact, ConversationState, Ids } from './conversation-state';
import { findSeat } from './conversation-state';
import { deliverMessage } from './deliver-message';
import { withAnswers } from './with-answers';

/**
 * A person settles a message that was not delivered, or perhaps was: `retry` sends it again (they have looked), `drop`
 * gives it up, and its author reads that it was not delivered.
 */
export function decideSettle(
  state: ConversationState,
  conveyanceId: ConveyanceId,
  action: 'retry' | 'drop',
  ids: Ids,
): ConversationDecision {
  const conveyance = state.openConveyances.find((each) => each.id === conveyanceId);
  if (!conveyance) return { ok: false, code: 'conveyance.not_found', message: 'No such message is on its way here.' };
  if (conveyance.state !== 'failed' && conveyance.state !== 'outcome_unknown') {
    return {
      ok: false,
      code: 'conveyance.state',
      message: `This message is ${conveyance.state}; there is nothing to settle.`,
    };
  }
  if (action === 'drop') {
    const text = `Error: the message to ${conveyance.toName} was not delivered.`;
    const facts = [
      {
        type: 'message.delivery_failed' as const,
        payload: { conveyanceId, outcome: 'dropped' as const, reason: 'Given up by a person.' },
      },
    ];
    return withAnswers(state, facts, [{ conveyance, status: 'error', text }], ids);
  }
  if (state.phase === 'stopped') {
    return { ok: false, code: 'conversation.state', message: 'The conversation is stopped; nothing is carried in it.' };
  }
  const author = findSeat(state, conveyance.from);
  if (!author || conveyance.toAgentId === null) {
    return { ok: false, code: 'conveyance.state', message: 'This message had nobody to go to.' };
  }
  const turnId = TurnId.parse(ids.next());
  const delivery = deliverMessage(state, { ...conveyance, turnId }, author, conveyance.toAgentId, ids);
  const retried: ConversationFact = { type: 'message.delivery_retried', payload: { conveyanceId, turnId } };
  const receipts = delivery.receipt ? [{ conveyance, ...delivery.receipt }] : [];
  const told = withAnswers(state, [retried, ...delivery.facts], receipts, ids);
  const queue = [...delivery.queue, ...told.queue];
  return { ...told, queue, wake: queue.map((turn) => turn.thread) };
}
