import { callResult } from '@/lib/domain/draft/call-result';
import { TurnId } from '@/lib/protocol/ids';
import type { ToolCall } from '@/lib/protocol/message';
import type {
  CallResult,
  ConversationState,
  ConveyanceState,
  Ids,
  JoinedWords,
  QueuedTurn,
  SeatState,
} from './conversation-state';
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
  fromTurnId: TurnId | null = null,
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
    if (own.length === 0) {
      const result = uncarriedResult(state, pending.messageId, call);
      if (!result) return null;
      results.push(result);
      continue;
    }
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
  const { messageId } = pending;
  const rootId =
    conveyances.find((each) => each.messageId === messageId)?.fromTurnId ??
    state.drafts.find((each) => each.messageId === messageId)?.fromTurnId ??
    fromTurnId;
  if (rootId === null) return null;
  return {
    id: TurnId.parse(ids.next()),
    rootId,
    seat: seat.id,
    thread: threadOf(state, seat),
    input: { kind: 'answers', messageId: pending.messageId, results, ...joinedWords(state, seat) },
  };
}

/** What a call gets that Parley does not carry: what people have decided, or leave where Letta delivers what passes. */
function uncarriedResult(state: ConversationState, messageId: string, call: ToolCall): CallResult | null {
  const draft = state.drafts.find(
    (each) => each.messageId === messageId && each.toolCall?.toolCallId === call.toolCallId,
  );
  if (draft) return callResult(draft);
  const isKeptBack = state.quarantine.some(
    (each) => each.state === 'kept' && each.messageId === messageId && each.toolCallId === call.toolCallId,
  );
  if (isKeptBack) return null;
  if (state.conveyance === 'tool' || !messagingCall(call)?.ok) return null;
  return { toolCallId: call.toolCallId, leave: 'approve', status: 'success', text: 'Nothing holds it.' };
}

/** What a person says to the agent at its next step goes with the answers: no engine takes it into a step under way. */
function joinedWords({ openTurns }: ConversationState, { id, holder }: SeatState): { joined?: JoinedWords } {
  // While a person sits there answers wait, and what is said later goes after them.
  if (holder) return {};
  for (const turn of openTurns) {
    const { input } = turn;
    if (turn.seat !== id || turn.state !== 'queued' || input.kind !== 'user' || !input.isNext) continue;
    const { text, otid, senderName } = input;
    return { joined: { text, otid, senderName, turnId: turn.id } };
  }
  return {};
}
