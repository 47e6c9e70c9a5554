import { answersTurn } from '@/lib/domain/conversation/answer-calls';
import type {
  ConversationDecision,
  ConversationFact,
  ConversationState,
  ConveyanceState,
  Ids,
  SeatState,
} from '@/lib/domain/conversation/conversation-state';
import { findSeat } from '@/lib/domain/conversation/conversation-state';
import { deliverMessage } from '@/lib/domain/conversation/deliver-message';
import { messagingCall } from '@/lib/domain/conversation/messaging-call';
import { withAnswers } from '@/lib/domain/conversation/with-answers';
import { ConveyanceId, type SeatId, TurnId } from '@/lib/protocol/ids';
import { withdrawnFacts } from './decide-verdict';
import { type DraftState, decidingVerdict, letsThrough } from './draft-state';

/**
 * The verdict about a call that Parley does not carry takes its way: the engine runs the call, or its author reads why
 * not, once every call of the step is decided. An edited message is delivered by Parley, for no engine takes other
 * arguments, and so is one for a person. A call at which nobody stands any more is withdrawn.
 */
export function answerCall(state: ConversationState, draft: DraftState, ids: Ids): ConversationDecision {
  const seat = draft.from.seat ? findSeat(state, draft.from.seat) : undefined;
  if (!seat || seat.pending?.messageId !== draft.messageId) {
    const facts = withdrawnFacts(draft, 'The call at which it waited is gone.');
    return { ok: true, facts, queue: [], wake: [] };
  }
  if (isOursToDeliver(state, draft)) return deliverOurselves(state, draft, seat, ids);
  const decided = { ...draft, dispatch: 'dispatching' as const };
  const drafts = state.drafts.map((each) => (each.id === draft.id ? decided : each));
  const turn = answersTurn({ ...state, drafts }, seat, state.openConveyances, new Map(), ids, draft.fromTurnId);
  const way = letsThrough(draft) ? 'deliver' : 'answer';
  return {
    ok: true,
    facts: [{ type: 'draft.dispatched', payload: { draftId: draft.id, way, turnId: turn?.id ?? null } }],
    queue: turn ? [turn] : [],
    wake: turn ? [turn.thread] : [],
  };
}

/** No engine delivers another text than that of the call, nor anything to a person who sits in the receiver's place. */
function isOursToDeliver({ seats }: ConversationState, { kind, status, to, allowed }: DraftState): boolean {
  if (kind !== 'message') return false;
  const isForPerson = seats.some(({ id, holder }) => id === to.seat && holder !== null);
  // A call to several is one in the engine: it goes on as a whole, or not at all, and cannot be edited either.
  return status === 'edited' || (status === 'approved' && isForPerson && allowed.includes('edit'));
}

function deliverOurselves(
  state: ConversationState,
  draft: DraftState,
  seat: SeatState,
  ids: Ids,
): ConversationDecision {
  const conveyance = ownConveyance(draft, seat.id, ids);
  const {
    id: conveyanceId,
    from,
    to,
    toAgentId,
    toName,
    content,
    mode,
    messageId,
    toolCallId,
    fromTurnId,
  } = conveyance;
  const delivery = deliverMessage(state, conveyance, seat, toAgentId, ids);
  const { turnId } = conveyance;
  const facts: ConversationFact[] = [
    {
      type: 'message.sent',
      payload: {
        ...{ conveyanceId, from, to, content, mode, messageId, toolCallId, toName, toAgentId, fromTurnId, turnId },
        draftId: draft.id,
      },
    },
    { type: 'draft.dispatched', payload: { draftId: draft.id, way: 'deliver', turnId, conveyanceId } },
    ...delivery.facts,
  ];
  if (delivery.conveyance.state === 'received') facts.push({ type: 'draft.delivered', payload: { draftId: draft.id } });
  const openConveyances = [...state.openConveyances, conveyance];
  const replies = delivery.receipt ? [{ conveyance, ...delivery.receipt }] : [];
  const told = withAnswers({ ...state, openConveyances }, facts, replies, ids);
  const queue = [...delivery.queue, ...told.queue];
  return { ...told, queue, wake: queue.map((turn) => turn.thread) };
}

function ownConveyance(draft: DraftState, from: SeatId, ids: Ids) {
  const { toolCall, to, messageId, fromTurnId, content } = draft;
  const verdict = decidingVerdict(draft);
  const parsed = toolCall && messagingCall(toolCall);
  if (!toolCall || !parsed?.ok || !to.agentId || !verdict)
    throw new Error('a message that Parley delivers has a call and a receiver');
  const turnId = TurnId.parse(ids.next());
  return {
    id: ConveyanceId.parse(ids.next()),
    from,
    fromTurnId: fromTurnId ?? turnId,
    to: to.seat ?? null,
    toAgentId: to.agentId,
    toName: to.name,
    messageId,
    toolCallId: toolCall.toolCallId,
    mode: parsed.mode,
    content,
    state: 'sent',
    turnId,
    answer: null,
    isWithPerson: false,
    draftId: draft.id,
    edited: draft.status === 'edited' ? { content: verdict.content ?? content, by: verdict.name } : null,
  } satisfies ConveyanceState;
}
