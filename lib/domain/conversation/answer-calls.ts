import { TurnId } from '@/lib/protocol/ids';
import type { CallResult, ConversationState, ConveyanceState, Ids, QueuedTurn, SeatState } from './conversation-state';
import { threadOf } from './conversation-state';
import { messagingCall, repliesText } from './messaging-call';

/** Answers that one decision gives, by conveyance. */
export type Answers = ReadonlyMap<string, { status: 'success' | 'error'; text: string }>;

/**
 * The turn that answers every call of the request at which `seat` stands, or null as long as one of them has no answer:
 * the engine takes all of a step's answers at once or none.
 */
export function answersTurn(
  state: ConversationState,
  seat: SeatState,
  conveyances: readonly ConveyanceState[],
  answers: Answers,
  ids: Ids,
): QueuedTurn | null {
  const { pending } = seat;
  if (!pending) return null;
  const isQueued = state.openTurns.some(
    (turn) => turn.input.kind === 'answers' && turn.input.messageId === pending.messageId,
  );
  if (isQueued) return null;
  const results: CallResult[] = [];
  for (const call of pending.calls) {
    const own = conveyances.filter(
      (each) => each.messageId === pending.messageId && each.toolCallId === call.toolCallId,
    );
    const given = own.map((each) => answers.get(each.id) ?? each.answer);
    const [first] = given;
    if (!first || given.some((answer) => answer === null)) return null;
    const target = messagingCall(call);
    const isMany = target?.ok === true && 'matchAll' in target.target;
    results.push({
      toolCallId: call.toolCallId,
      status: given.every((answer) => answer?.status === 'error') ? 'error' : 'success',
      text: isMany && first.status === 'success' ? repliesText(given.map((answer) => answer?.text ?? '')) : first.text,
    });
  }
  const rootId = conveyances.find((each) => each.messageId === pending.messageId)?.fromTurnId;
  if (rootId === undefined) return null;
  return {
    id: TurnId.parse(ids.next()),
    rootId,
    seat: seat.id,
    thread: threadOf(state, seat),
    input: { kind: 'answers', messageId: pending.messageId, results },
  };
}
