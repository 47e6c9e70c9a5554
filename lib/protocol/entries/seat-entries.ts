import { z } from 'zod';
import { AgentId, EntryId, PersonId, SeatId } from '../ids';
import { MessageText, Timestamp } from '../text';
import { CallMode } from './conversation-entries';

/** The person who sits in a seat, or sat there. */
const Held = z.object({ seat: SeatId, personId: PersonId, name: z.string() });

/** Something kept back, by the entry that told of it; the message and the call are those that this entry names. */
const Settled = z.object({
  seat: SeatId,
  entryId: EntryId,
  messageId: z.string(),
  toolCallId: z.string().nullable(),
});

/** A person in an agent's place, and what the agent still produced meanwhile. */
export const seatEntries = {
  'seat.taken': Held.extend({ until: Timestamp, reason: z.string().nullable() }),
  'seat.renewed': Held.extend({ until: Timestamp }),
  /** The agent is in its seat again; `summary` is what it is told. The actor may be an admin instead of the holder. */
  'seat.handed_back': Held.extend({
    summary: MessageText.nullable(),
    why: z.enum(['handed_back', 'conversation_stopped']),
  }),
  /** The lease ran out; the agent goes on by itself. */
  'seat.expired': Held,
  /** The agent in the seat is called otherwise from now on, by whomever it was named. */
  'seat.renamed': z.object({ seat: SeatId, name: z.string(), before: z.string() }),
  /**
   * What the agent of a held seat produced: kept apart and delivered to nobody. A call of a messaging tool has
   * `toolCallId` and its receiver; what the agent said has none.
   */
  'output.quarantined': z.object({
    seat: SeatId,
    messageId: z.string(),
    toolCallId: z.string().nullable(),
    content: z.string(),
    mode: CallMode,
    toAgentId: AgentId.nullable(),
  }),
  /** Goes on its way after all, as the seat's message. */
  'output.released': Settled,
  'output.dropped': Settled,
} as const;
