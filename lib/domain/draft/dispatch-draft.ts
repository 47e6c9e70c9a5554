import type {
  ConversationDecision,
  ConversationFact,
  ConversationState,
  ConveyanceState,
  Ids,
  QueuedTurn,
  SeatState,
} from '@/lib/domain/conversation/conversation-state';
import { findSeat, threadKey, threadOf } from '@/lib/domain/conversation/conversation-state';
import { conveyanceWaits } from '@/lib/domain/conversation/conveyance-waits';
import { deliverMessage } from '@/lib/domain/conversation/deliver-message';
import { closesCircle } from '@/lib/domain/conversation/waiting-circle';
import { withAnswers } from '@/lib/domain/conversation/with-answers';
import { PersonId, TurnId } from '@/lib/protocol/ids';
import { answerCall } from './answer-call';
import { authorWords, editedNote } from './author-words';
import { type DraftState, decidingVerdict, letsThrough } from './draft-state';

/**
 * A decided message takes its way: to its receiver, exactly as one that was never held, or, where it was not let through,
 * words to its author. Nothing can be taken back any more.
 */
export function dispatchDraft(state: ConversationState, draft: DraftState, ids: Ids): ConversationDecision {
  if (draft.conveyanceId === null) return answerCall(state, draft, ids);
  const conveyance = state.openConveyances.find((each) => each.id === draft.conveyanceId);
  if (conveyance?.state !== 'parked') {
    return { ok: false, code: 'conveyance.state', message: 'The message does not wait any more.' };
  }
  return letsThrough(draft) ? deliver(state, draft, conveyance, ids) : tellAuthor(state, draft, conveyance, ids);
}

function deliver(
  state: ConversationState,
  draft: DraftState,
  conveyance: ConveyanceState,
  ids: Ids,
): ConversationDecision {
  const verdict = decidingVerdict(draft);
  const edited =
    draft.status === 'edited' && verdict ? { content: verdict.content ?? draft.content, by: verdict.name } : null;
  const author = findSeat(state, conveyance.from);
  const to = conveyance.toAgentId;
  if (!author || to === null) throw new Error('a message that waits has an author and a receiver');
  const turnId = TurnId.parse(ids.next());
  const delivery = deliverMessage(state, { ...conveyance, turnId, edited }, author, to, ids);
  const facts: ConversationFact[] = [
    { type: 'draft.dispatched', payload: { draftId: draft.id, way: 'deliver', turnId } },
    ...delivery.facts,
  ];
  if (delivery.conveyance.state === 'received') facts.push({ type: 'draft.delivered', payload: { draftId: draft.id } });
  const receipt = delivery.receipt ?? (closesWaiting(state, conveyance, author, delivery.queue) ? receiptFirst : null);
  const replies =
    receipt && conveyance.toolCallId !== null ? [{ conveyance: { ...conveyance, edited }, ...receipt }] : [];
  const told = withAnswers(state, facts, replies, ids);
  const isToldByCall = conveyance.toolCallId !== null || state.conveyance !== 'relay';
  const note = edited && !isToldByCall ? noteToAuthor(state, draft, author, edited, ids) : null;
  const queue = [...delivery.queue, ...told.queue, ...(note?.queue ?? [])];
  return { ...told, facts: [...told.facts, ...(note?.facts ?? [])], queue, wake: queue.map((turn) => turn.thread) };
}

/** Where no call waits for an answer, the author reads in words of their own what went out; what it says to that stays. */
function noteToAuthor(
  state: ConversationState,
  draft: DraftState,
  author: SeatState,
  edited: { content: string; by: string },
  ids: Ids,
): ReturnType<typeof spokenTo> | null {
  return author.holder || state.phase === 'stopped'
    ? null
    : spokenTo(state, draft, author, editedNote(edited), ids, true);
}

const receiptFirst = {
  status: 'success' as const,
  text: 'Message taken; it will be read when the present turn has ended.',
};

/** A circle of waiting may have closed while it was held: its author must go on then, or nobody would. */
function closesWaiting(
  state: ConversationState,
  conveyance: ConveyanceState,
  author: SeatState,
  [turn]: readonly QueuedTurn[],
): boolean {
  if (conveyance.toolCallId === null || conveyance.mode !== 'receipt' || !turn) return false;
  const others = state.openConveyances.filter((each) => each.id !== conveyance.id);
  return closesCircle(conveyanceWaits(state, others), threadKey(threadOf(state, author)), threadKey(turn.thread));
}

function tellAuthor(
  state: ConversationState,
  draft: DraftState,
  conveyance: ConveyanceState,
  ids: Ids,
): ConversationDecision {
  const { status, text, reason } = authorWords(draft);
  const facts: ConversationFact[] = [
    { type: 'message.delivery_failed', payload: { conveyanceId: conveyance.id, outcome: 'refused', reason } },
    { type: 'draft.dispatched', payload: { draftId: draft.id, way: 'answer', turnId: null } },
  ];
  if (conveyance.toolCallId !== null) return withAnswers(state, facts, [{ conveyance, status, text }], ids);
  const delivered: ConversationFact = { type: 'draft.delivered', payload: { draftId: draft.id } };
  return speakToAuthor(state, draft, conveyance, text, [...facts, delivered], ids);
}

/** Where no call waits for an answer, the author is spoken to; `ignore` says nothing. */
function speakToAuthor(
  state: ConversationState,
  draft: DraftState,
  conveyance: ConveyanceState,
  text: string,
  facts: ConversationFact[],
  ids: Ids,
): ConversationDecision {
  const author = findSeat(state, conveyance.from);
  if (!author || author.holder || draft.status === 'ignored' || state.phase === 'stopped')
    return { ok: true, facts, queue: [], wake: [] };
  const spoken = spokenTo(state, draft, author, text, ids, false);
  return {
    ok: true,
    facts: [...facts, ...spoken.facts],
    queue: spoken.queue,
    wake: spoken.queue.map(({ thread }) => thread),
  };
}

/** Words of whoever decided, or of Parley, as a turn of the author. */
function spokenTo(
  state: ConversationState,
  draft: DraftState,
  author: SeatState,
  text: string,
  ids: Ids,
  isNote: boolean,
): { facts: ConversationFact[]; queue: QueuedTurn[] } {
  const verdict = decidingVerdict(draft);
  const turnId = TurnId.parse(ids.next());
  const otid = ids.next();
  const personId = verdict?.personId ?? PersonId.parse('parley');
  const input = { kind: 'user' as const, text, otid, senderName: verdict?.name ?? 'Parley', ...(isNote && { isNote }) };
  return {
    facts: [{ type: 'message.spoken', payload: { to: author.id, content: text, personId, turnId, otid } }],
    queue: [{ id: turnId, rootId: turnId, seat: author.id, thread: threadOf(state, author), input }],
  };
}
