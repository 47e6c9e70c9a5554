import { ConversationId, SeatId } from '@/lib/protocol/ids';
import { HandBackSeat, TakeSeat } from '@/lib/protocol/seat';
import { handBackSeat } from '@/lib/server/conversations/hand-back-seat';
import { takeSeat } from '@/lib/server/conversations/take-seat';
import { write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: write({ role: 'reviewer' }, ({ rt, caller, param, body, idempotency }) =>
    takeSeat(rt, caller, param('conversationId', ConversationId), param('seat', SeatId), body(TakeSeat), idempotency),
  ),
  DELETE: write({ role: 'reviewer' }, ({ rt, caller, param, body, idempotency }) =>
    handBackSeat(
      rt,
      caller,
      param('conversationId', ConversationId),
      param('seat', SeatId),
      body(HandBackSeat),
      idempotency,
    ),
  ),
});
