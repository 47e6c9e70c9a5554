import { answersTurn } from '@/lib/domain/conversation/answer-calls';
import type {
  ConversationFact,
  ConversationState,
  Ids,
  QueuedTurn,
} from '@/lib/domain/conversation/conversation-state';
import { withdrawnFacts } from './decide-verdict';
import type { DraftState } from './draft-state';

const isWaitingMessage = ({ kind, conveyanceId, status, dispatch }: DraftState): boolean =>
  kind === 'message' && conveyanceId === null && (status === 'pending' || dispatch === 'undoable');

/**
 * Messages that the engine would deliver and that wait when their conversation stops. Their authors read that nothing was
 * delivered; `answers` are the turns that tell those to whom nothing else is told. Calls of other tools go on waiting:
 * they are no part of the conversation.
 */
export function withdrawCalls(state: ConversationState, reason: string) {
  const waiting = state.drafts.filter(isWaitingMessage);
  const facts: ConversationFact[] = waiting.flatMap((draft) => withdrawnFacts(draft, reason));
  const drafts = state.drafts.map((draft) =>
    isWaitingMessage(draft) ? { ...draft, status: 'withdrawn' as const, dispatch: null } : draft,
  );
  const after: ConversationState = { ...state, drafts };
  const answers = (told: ReadonlySet<string>, ids: Ids): QueuedTurn[] =>
    after.seats.flatMap((seat) => {
      const isConcerned = waiting.some((draft) => draft.from.seat === seat.id) && !told.has(seat.id);
      const turn = isConcerned ? answersTurn(after, seat, after.openConveyances, new Map(), ids) : null;
      return turn ? [turn] : [];
    });
  return { facts, state: after, answers };
}
