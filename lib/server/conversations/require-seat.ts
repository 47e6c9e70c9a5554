import { type ConversationState, findSeat, type SeatState } from '@/lib/domain/conversation/conversation-state';
import { AppError } from '@/lib/protocol/errors';
import type { SeatId } from '@/lib/protocol/ids';

/** @throws AppError `request.invalid` with the field `seat`: there is none of that name. */
export function requireSeat(state: ConversationState, seatId: SeatId): SeatState {
  const seat = findSeat(state, seatId);
  if (seat) return seat;
  const fields = { seat: `one of ${state.seats.map(({ id }) => id).join(', ')}` };
  throw new AppError('request.invalid', 'No such seat.', { fields });
}
