import { withdrawCalls } from '@/lib/domain/draft/withdraw-calls';
import type { PayloadOf } from '@/lib/protocol/entry';
import type { AgentId } from '@/lib/protocol/ids';
import type { ConversationDecision, ConversationFact, ConversationState, Ids } from './conversation-state';
import { endHolds } from './end-hold';
import { withAnswers } from './with-answers';

/**
 * A conversation ends. Messages that have not gone out yet are given up, but for those sent before a limit was reached, and
 * their authors read why. Who waits for an answer of `deleted` reads so at once: an engine may let the turn of an agent run
 * on that is no more.
 */
export function decideStop(
  state: ConversationState,
  stop: PayloadOf<'conversation.stopped'>,
  ids: Ids,
  deleted: AgentId | null = null,
): ConversationDecision {
  if (state.phase === 'stopped') return { ok: true, facts: [], queue: [], wake: [] };
  const queued = new Set(state.openTurns.filter((turn) => turn.state === 'queued').map((turn) => turn.id));
  const waiting = state.openConveyances.filter(
    (each) =>
      each.state === 'parked' ||
      each.state === 'failed' ||
      each.state === 'outcome_unknown' ||
      (stop.why !== 'turn_limit' && each.state === 'sent' && each.turnId !== null && queued.has(each.turnId)),
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
  const holds = endHolds(state, ids);
  const bereft = state.openConveyances
    .filter((each) => deleted !== null && each.toAgentId === deleted && each.state === 'received' && !each.answer)
    .filter(({ id }) => !holds.replies.some(({ conveyance }) => conveyance.id === id))
    .map((conveyance) => ({
      conveyance,
      status: 'error' as const,
      text: `Error: ${conveyance.toName} was deleted before it answered.`,
    }));
  const calls = withdrawCalls(state, stop.reason);
  const facts: ConversationFact[] = [
    { type: 'conversation.stopped', payload: stop },
    ...dropped,
    ...holds.facts,
    ...calls.facts,
  ];
  const told = withAnswers(calls.state, facts, [...replies, ...bereft, ...holds.replies], ids);
  const answers = calls.answers(new Set(told.queue.map((turn) => turn.seat ?? '')), ids);
  const queue = [...told.queue, ...holds.queue, ...answers];
  const wake = [...queue.map((turn) => turn.thread), ...holds.wake];
  return { ...told, queue, wake, deadlines: holds.deadlines };
}
