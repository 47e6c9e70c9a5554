import type { ConversationDecision, ConversationFact, ConversationState, Ids, TurnState } from './conversation-state';
import { decideStop } from './decide-stop';

/**
 * A conversation ends because nobody speaks to its server any more. Turns that are under way there end here, since
 * nothing will ever be known of them; answers go nowhere.
 */
export function decideLeaveServer(state: ConversationState, reason: string, ids: Ids): ConversationDecision {
  const stopped = decideStop(state, { why: 'server_removed', reason }, ids);
  if (!stopped.ok) return stopped;
  const ended = state.openTurns.flatMap((turn) => endOf(state, turn, reason));
  return { ...stopped, facts: [...ended, ...stopped.facts], queue: [], wake: [] };
}

function endOf(state: ConversationState, turn: TurnState, reason: string): ConversationFact[] {
  const isStarted = turn.state === 'started';
  const { id: turnId, seat, runId, input } = turn;
  const ended: ConversationFact = {
    type: 'turn.ended',
    payload: { seat, turnId, runId, stopReason: isStarted ? 'lost' : 'not_sent', usage: null, error: reason },
  };
  const carried = isStarted && input.kind === 'agent' ? input.conveyanceId : null;
  const isOnItsWay = state.openConveyances.some(({ id, state: progress }) => id === carried && progress === 'sent');
  if (carried === null || !isOnItsWay) return [ended];
  const payload = { conveyanceId: carried, outcome: 'outcome_unknown' as const, reason };
  return [ended, { type: 'message.delivery_failed', payload }];
}
