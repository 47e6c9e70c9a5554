import { type PersonId, type SeatId, TurnId } from '@/lib/protocol/ids';
import { carriedDecision } from './carried-decision';
import { carryMessage, type Directory } from './carry-message';
import type { ConversationDecision, ConversationFact, ConversationState, Ids, SeatState } from './conversation-state';
import { findSeat } from './conversation-state';
import { takenBy } from './decide-takeover';
import { isHeld, waitingFor } from './end-hold';
import { replyText } from './messaging-call';
import { withAnswers } from './with-answers';

/** Everybody in the conversation has a seat; nobody else is spoken to from one. */
const nobody: Directory = { agents: new Map(), tagged: () => [] };

/**
 * A person speaks as the seat that they hold. Their words answer whoever waits for a reply of that seat (of `to` only,
 * where that is given), and are a message of the seat across the edge otherwise.
 */
export function decideSpeakAs(
  state: ConversationState,
  speech: { as: SeatId; to?: SeatId | undefined; content: string; personId: PersonId },
  ids: Ids,
): ConversationDecision {
  const { as, content, personId } = speech;
  const seat = findSeat(state, as);
  if (!seat) return refused(state, 'as', 'No such seat.');
  if (!isHeld(seat)) {
    return { ok: false, code: 'seat.not_held', message: `Take ${seat.name}’s seat to speak as ${seat.name}.` };
  }
  if (seat.holder.personId !== personId) return takenBy(seat);
  if (state.phase === 'stopped') {
    return { ok: false, code: 'conversation.state', message: 'The conversation is stopped; nobody speaks in it.' };
  }
  const turnId = TurnId.parse(ids.next());
  const otid = ids.next();
  const spoken: ConversationFact = { type: 'message.spoken', payload: { as, content, personId, turnId, otid } };
  const waiting = waitingFor(state, seat).filter((each) => speech.to === undefined || each.from === speech.to);
  if (waiting.length > 0) {
    const text = replyText(seat.agentId, [content]);
    const replies = waiting.map((conveyance) => ({ conveyance, status: 'success' as const, text }));
    return withAnswers(state, [spoken], replies, ids);
  }
  const to = receiverOf(state, seat, speech.to);
  if (!to) return refused(state, 'to', 'Say to whom.');
  if (state.turns >= state.maxTurns) {
    const message = `This conversation has used its ${state.maxTurns} turns; give it more first.`;
    return { ok: false, code: 'conversation.state', message };
  }
  const message = {
    author: { seat, rootId: turnId },
    messageId: otid,
    toolCallId: null,
    mode: 'none' as const,
    content,
    spokenOtid: otid,
  };
  return carriedDecision(state, [spoken], carryMessage(state, nobody, message, to.agentId, ids), [], ids);
}

/** The seat named, or the only other one. */
export function receiverOf(state: ConversationState, from: SeatState, to: SeatId | undefined): SeatState | undefined {
  const others = state.seats.filter((each) => each.id !== from.id);
  return to === undefined ? (others.length === 1 ? others[0] : undefined) : others.find((each) => each.id === to);
}

function refused(state: ConversationState, field: 'as' | 'to', message: string): ConversationDecision {
  const seats = state.seats.map((each) => each.id).join(', ');
  return { ok: false, code: 'request.invalid', message, fields: { [field]: `one of ${seats}` } };
}
