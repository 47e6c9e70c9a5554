import type { ConversationFact, ConversationState } from '@/lib/domain/conversation/conversation-state';
import { CALL_GONE, callGone } from './call-gone';
import { decideWithdraw, withdrawnFacts } from './decide-verdict';
import type { DraftState } from './draft-state';
import { letsThrough } from './draft-state';

/**
 * What the facts of one decision mean for drafts: told by what carries messages, which knows nothing of drafts. A message
 * that arrived or did not, an answer that went out, a message given up while it was waiting.
 */
export function followDrafts(state: ConversationState, facts: readonly ConversationFact[]): ConversationFact[] {
  const drafts = [...state.drafts, ...facts.flatMap(offeredNow)];
  return drafts.length === 0
    ? [...facts]
    : facts.flatMap((fact) => [fact, ...consequences({ ...state, drafts }, fact)]);
}

/** What is offered and given up in one decision: the message with which a conversation reaches its limit takes them along. */
const offeredNow = (fact: ConversationFact): DraftState[] =>
  fact.type === 'draft.offered'
    ? [
        {
          ...fact.payload,
          ...{ id: fact.payload.draftId, toolCall: fact.payload.toolCall ?? null, contentHash: '' },
          ...{ status: 'pending', verdicts: [], dispatch: null },
        },
      ]
    : [];

function consequences(state: ConversationState, fact: ConversationFact): ConversationFact[] {
  switch (fact.type) {
    case 'message.received': {
      const draft = draftOf(state, fact.payload.conveyanceId);
      return draft?.dispatch === 'dispatching' && letsThrough(draft) ? [delivered(draft)] : [];
    }
    case 'message.delivery_failed': {
      const draft = draftOf(state, fact.payload.conveyanceId);
      const { outcome, reason } = fact.payload;
      // A refusal is what a verdict itself has made of it.
      if (!draft || outcome === 'refused') return [];
      const withdrawn = decideWithdraw(draft, reason);
      return withdrawn.ok ? withdrawn.facts : [failed(draft, outcome, reason)];
    }
    case 'message.delivery_retried': {
      const draft = draftOf(state, fact.payload.conveyanceId);
      const { turnId } = fact.payload;
      return draft ? [{ type: 'draft.dispatched', payload: { draftId: draft.id, way: 'deliver', turnId } }] : [];
    }
    case 'turn.ended':
      return answered(state, fact.payload.turnId, fact.payload.stopReason);
    default:
      return [];
  }
}

const draftOf = (state: ConversationState, conveyanceId: string): DraftState | undefined =>
  state.drafts.find((each) => each.conveyanceId === conveyanceId);

const delivered = ({ id }: DraftState): ConversationFact => ({ type: 'draft.delivered', payload: { draftId: id } });

const failed = (
  { id }: DraftState,
  outcome: 'failed' | 'outcome_unknown' | 'dropped',
  reason: string,
): ConversationFact => ({ type: 'draft.delivery_failed', payload: { draftId: id, outcome, reason } });

/** Why a verdict may or may not have reached its author. */
export const answerUnknown = 'Letta cannot say whether its author has read it.';

/** The answers to a step's calls went out, and whoever waited for one has read it; or they were not needed any more. */
function answered(state: ConversationState, turnId: string, stopReason: string): ConversationFact[] {
  const turn = state.openTurns.find((each) => each.id === turnId);
  if (turn?.input.kind !== 'answers' || stopReason === 'not_sent') return [];
  const { messageId } = turn.input;
  return answeringDrafts(state, messageId).flatMap((draft) => {
    if (stopReason === CALL_GONE) return withdrawnFacts(draft, callGone);
    return stopReason === 'lost' ? failed(draft, 'outcome_unknown', answerUnknown) : delivered(draft);
  });
}

/** Drafts whose verdict the answers to this request take to their author. */
export const answeringDrafts = (state: ConversationState, messageId: string): DraftState[] =>
  state.drafts.filter(
    (draft) =>
      draft.messageId === messageId &&
      draft.dispatch === 'dispatching' &&
      (draft.conveyanceId === null || !letsThrough(draft)),
  );
