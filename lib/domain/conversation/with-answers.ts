import { editedNote } from '@/lib/domain/draft/author-words';
import { answersTurn } from './answer-calls';
import type {
  ConversationDecision,
  ConversationFact,
  ConversationState,
  ConveyanceState,
  Ids,
  QueuedTurn,
} from './conversation-state';
import { findSeat } from './conversation-state';

type Reply = { conveyance: ConveyanceState; status: 'success' | 'error'; text: string };

/** Adds answers to calls, and the turns that take them to their authors once all calls of a step have one. */
export function withAnswers(
  state: ConversationState,
  facts: ConversationFact[],
  replies: readonly Reply[],
  ids: Ids,
): Extract<ConversationDecision, { ok: true }> {
  const given = replies.map(({ conveyance, status, text }) => ({
    conveyance,
    status,
    text: conveyance.edited ? `${text}\n${editedNote(conveyance.edited)}` : text,
  }));
  const answered = given.flatMap(({ conveyance, status, text }): ConversationFact[] =>
    conveyance.toolCallId === null
      ? []
      : [
          {
            type: 'message.answered',
            payload: { conveyanceId: conveyance.id, toolCallId: conveyance.toolCallId, status, text },
          },
        ],
  );
  const answers = new Map(given.map(({ conveyance, status, text }) => [conveyance.id, { status, text }]));
  const authors = new Set(replies.map(({ conveyance }) => conveyance.from));
  const queue = [...authors].flatMap((author): QueuedTurn[] => {
    const seat = findSeat(state, author);
    const turn = seat ? answersTurn(state, seat, state.openConveyances, answers, ids) : null;
    return turn ? [turn] : [];
  });
  return { ok: true, facts: [...facts, ...answered], queue, wake: queue.map((turn) => turn.thread) };
}
