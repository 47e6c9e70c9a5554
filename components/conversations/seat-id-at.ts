import { SeatId } from '@/lib/protocol/ids';

/** Name of the seat at a position, from 0: `a`, `b`, … up to 25. */
export const seatIdAt = (position: number): SeatId => SeatId.parse(String.fromCharCode(97 + position));
