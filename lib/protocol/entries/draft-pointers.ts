import { z } from 'zod';
import { DraftStatus } from '../draft';
import { ConveyanceId, DraftId, PersonId, SeatId } from '../ids';

/** In a conversation's stream: that something of it waits, or no longer does. `cause` is the entry of the inbox. */
export const draftPointers = {
  'draft.parked': z.object({ draftId: DraftId, seat: SeatId.nullable(), conveyanceId: ConveyanceId.nullable() }),
  'draft.settled': z.object({
    draftId: DraftId,
    seat: SeatId.nullable(),
    conveyanceId: ConveyanceId.nullable(),
    status: DraftStatus,
    /** Who decided; null where nobody did. */
    personId: PersonId.nullable(),
  }),
} as const;
