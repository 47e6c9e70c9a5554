import { z } from 'zod';
import { SeatId } from './ids';
import { MessageText } from './text';

/** Takes an agent's seat, or renews one's own lease of it, which then ends `leaseSeconds` from now. */
export const TakeSeat = z.strictObject({
  leaseSeconds: z.number().int().min(1).max(86_400).default(600),
  reason: z.string().trim().min(1).max(1_000).optional(),
});
export type TakeSeat = z.infer<typeof TakeSeat>;

/** Gives the seat back to its agent, which is told `summary`. */
export const HandBackSeat = z.strictObject({ summary: MessageText.optional() });
export type HandBackSeat = z.infer<typeof HandBackSeat>;

/**
 * What becomes of something that the agent of a held seat produced. `to` says to whom it goes where that does not follow
 * by itself: with more than two seats, for what was not addressed.
 */
export const SettleQuarantine = z.strictObject({ action: z.enum(['release', 'drop']), to: SeatId.optional() });
export type SettleQuarantine = z.infer<typeof SettleQuarantine>;
