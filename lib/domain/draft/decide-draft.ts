import type {
  ConversationDecision,
  ConversationFact,
  ConversationState,
  Ids,
} from '@/lib/domain/conversation/conversation-state';
import { decideSettle } from '@/lib/domain/conversation/decide-settle';
import { withAnswers } from '@/lib/domain/conversation/with-answers';
import type { GiveVerdict } from '@/lib/protocol/draft';
import type { PersonId } from '@/lib/protocol/ids';
import { type DraftDecision, decideExpire, decideUndo, decideVerdict, decideWithdraw } from './decide-verdict';
import { dispatchDraft } from './dispatch-draft';
import { type DraftState, isSettled, letsThrough } from './draft-state';

/** What happens to one draft: a person's verdict or second thought, or the time that has come. */
export type DraftEvent =
  | { kind: 'verdict'; given: GiveVerdict; by: { personId: PersonId; name: string } }
  | { kind: 'undo' }
  | { kind: 'expire' }
  /** Nobody waits for it any more. */
  | { kind: 'withdraw'; reason: string }
  /** The time in which the verdict could be taken back is over. */
  | { kind: 'dispatch' }
  /** A person has looked, and sends again what did not arrive. */
  | { kind: 'retry' };

const nothing: ConversationDecision = { ok: true, facts: [], queue: [], wake: [] };

/**
 * One step of a draft's life, with all that it does to its conversation, where it is of one: what is decided without a time
 * for second thoughts takes its way at once. Deadlines that come too late do nothing.
 */
export function decideDraft(
  state: ConversationState | null,
  draft: DraftState,
  event: DraftEvent,
  ids: Ids,
): ConversationDecision {
  switch (event.kind) {
    case 'verdict':
      return afterwards(state, decideVerdict(draft, event.given, event.by), ids);
    case 'undo':
      return afterwards(state, decideUndo(draft), ids);
    case 'expire':
      return draft.status === 'pending' ? afterwards(state, decideExpire(draft), ids) : nothing;
    case 'withdraw':
      return withdraw(state, draft, event.reason, ids);
    case 'dispatch':
      return draft.dispatch === 'undoable' ? dispatch(state, draft, ids) : nothing;
    case 'retry':
      return retry(state, draft, ids);
  }
}

const notFailed: ConversationDecision = {
  ok: false,
  code: 'draft.not_failed',
  message: 'Its delivery has not failed; there is nothing to retry.',
};

/** What was given up, or has its answer by now, is not sent again. */
function retry(state: ConversationState | null, draft: DraftState, ids: Ids): ConversationDecision {
  if (draft.dispatch !== 'failed' || draft.conveyanceId === null || !state) return notFailed;
  const settled = decideSettle(state, draft.conveyanceId, 'retry', ids);
  const isOver = !settled.ok && (settled.code === 'conveyance.not_found' || settled.code === 'conveyance.state');
  return isOver ? notFailed : settled;
}

function afterwards(state: ConversationState | null, decision: DraftDecision, ids: Ids): ConversationDecision {
  if (!decision.ok) return decision;
  const { facts, draft } = decision;
  if (!isSettled(draft) || draft.dispatch === 'undoable') return { ok: true, facts, queue: [], wake: [] };
  const dispatched = dispatch(state, draft, ids);
  return dispatched.ok ? { ...dispatched, facts: [...facts, ...dispatched.facts] } : dispatched;
}

/** The message that it is stays undelivered; nobody reads an answer where nobody stands at the call. */
function withdraw(state: ConversationState | null, draft: DraftState, reason: string, ids: Ids): ConversationDecision {
  const isUnanswered = state !== null && waitsForSiblings(state, draft);
  const withdrawn = decideWithdraw(isUnanswered ? { ...draft, dispatch: 'undoable' } : draft, reason);
  if (!withdrawn.ok) return withdrawn;
  if (!state) return { ok: true, facts: withdrawn.facts, queue: [], wake: [] };
  const { conveyanceId } = draft;
  const failed: ConversationFact[] =
    conveyanceId !== null && !isUnanswered
      ? [{ type: 'message.delivery_failed', payload: { conveyanceId, outcome: 'refused', reason } }]
      : [];
  return withAnswers(state, [...failed, ...withdrawn.facts], lostReplies(state, draft, reason), ids);
}

/** Decided, while its answer has not gone out: the engine takes all of a step's answers at once. */
const waitsForSiblings = ({ openTurns }: ConversationState, draft: DraftState): boolean =>
  draft.dispatch === 'dispatching' &&
  (draft.conveyanceId === null || !letsThrough(draft)) &&
  !openTurns.some(({ input }) => input.kind === 'answers' && input.messageId === draft.messageId);

/** Whoever waits for what the author would say in the turn in which it called: nothing of ours will end that turn. */
const lostReplies = ({ openConveyances, openTurns }: ConversationState, { fromTurnId }: DraftState, reason: string) =>
  openConveyances
    .filter(
      ({ turnId, mode, state, answer }) => turnId === fromTurnId && mode === 'reply' && state === 'received' && !answer,
    )
    .filter(({ turnId }) => !openTurns.some(({ rootId }) => rootId === turnId))
    .map((conveyance) => ({
      conveyance,
      status: 'error' as const,
      text: `Error: ${conveyance.toName} could not answer: ${reason}`,
    }));

/** Outside any conversation a job answers the call, once every call of its step is decided. */
function dispatch(state: ConversationState | null, draft: DraftState, ids: Ids): ConversationDecision {
  if (state) return dispatchDraft(state, draft, ids);
  const way = letsThrough(draft) ? 'deliver' : 'answer';
  return {
    ok: true,
    facts: [{ type: 'draft.dispatched', payload: { draftId: draft.id, way, turnId: null } }],
    queue: [],
    wake: [],
  };
}
