import { type PersonId, type SeatId, TurnId } from '@/lib/protocol/ids';
import { type ConversationDecision, type ConversationState, findSeat, type Ids, threadOf } from './conversation-state';

/**
 * A person speaks to the agent in a seat: recorded at once, sent when the agent's thread is free. `isNext`: before
 * whatever else waits for the agent, or with the answers to the calls at which it stops next.
 */
export function decideSpeak(
  state: ConversationState,
  speech: { to: SeatId; content: string; personId: PersonId; personName: string; isNext?: boolean },
  ids: Ids,
): ConversationDecision {
  if (state.phase === 'stopped') {
    return {
      ok: false,
      code: 'conversation.state',
      message: 'The conversation is stopped; nobody can be spoken to in it.',
    };
  }
  const seat = findSeat(state, speech.to);
  if (!seat) {
    const seats = state.seats.map((each) => each.id).join(', ');
    return { ok: false, code: 'request.invalid', message: 'No such seat.', fields: { to: `one of ${seats}` } };
  }
  const turnId = TurnId.parse(ids.next());
  const otid = ids.next();
  const thread = threadOf(state, seat);
  return {
    ok: true,
    facts: [
      {
        type: 'message.spoken',
        payload: { to: seat.id, content: speech.content, personId: speech.personId, turnId, otid },
      },
    ],
    queue: [
      {
        id: turnId,
        rootId: turnId,
        seat: seat.id,
        thread,
        input: {
          kind: 'user',
          text: speech.content,
          otid,
          senderName: speech.personName,
          ...(speech.isNext ? { isNext: true } : {}),
        },
      },
    ],
    wake: [thread],
  };
}
