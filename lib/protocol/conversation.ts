import { z } from 'zod';
import { AgentId, ConversationId, PersonId, SeatId } from './ids';
import { MessageText, Name, Timestamp } from './text';

/** How messages travel between the seats: Parley carries the agents' calls, Letta does, or Parley relays their words. */
export const Conveyance = z.enum(['tool', 'engine', 'relay']);
export type Conveyance = z.infer<typeof Conveyance>;

export const EdgeMode = z.enum(['pass', 'review', 'hold']);
export type EdgeMode = z.infer<typeof EdgeMode>;

export const Edge = z.object({
  from: SeatId,
  to: SeatId,
  mode: EdgeMode,
  reviewers: z.number().int().min(1).max(2),
  expirySeconds: z.number().int().positive().nullable(),
  undoSeconds: z.number().int().min(0),
});
export type Edge = z.infer<typeof Edge>;

/** What an edge is set to; what is not said is as in a new conversation. In `hold` nothing expires. */
export const SetEdge = z
  .strictObject({
    from: SeatId,
    to: SeatId,
    mode: EdgeMode,
    reviewers: z.number().int().min(1, 'one or two reviewers').max(2, 'one or two reviewers').default(1),
    expirySeconds: z.number().int().min(1).max(2_592_000, 'at most 30 days').nullable().default(900),
    undoSeconds: z.number().int().min(0).max(3_600, 'at most an hour').default(5),
  })
  .transform((edge): Edge => (edge.mode === 'hold' ? { ...edge, expirySeconds: null } : edge));
export type SetEdge = z.infer<typeof SetEdge>;

export const Seat = z.object({
  id: SeatId,
  agentId: AgentId,
  name: z.string(),
  dialect: z.enum(['rest', 'app-server']),
  threadId: z.string().nullable(),
  holder: z.object({ personId: PersonId, name: z.string(), until: Timestamp }).nullable(),
});
export type Seat = z.infer<typeof Seat>;

/** `running` while a seat has a turn, `waiting` when a seat stands at a call that nobody answers by itself. */
export const ConversationState = z.enum(['idle', 'running', 'waiting', 'paused', 'stopped']);
export type ConversationState = z.infer<typeof ConversationState>;

export const Conversation = z.object({
  id: ConversationId,
  title: z.string(),
  server: z.string(),
  seats: z.array(Seat),
  conveyance: Conveyance,
  observed: z.boolean(),
  maxTurns: z.number().int(),
  turns: z.number().int(),
  edges: z.array(Edge),
  state: ConversationState,
  stoppedReason: z.string().nullable(),
  sandbox: z.boolean(),
  createdAt: Timestamp,
  lastActivityAt: Timestamp,
});
export type Conversation = z.infer<typeof Conversation>;

export const OpenConversation = z.strictObject({
  title: Name.optional(),
  seats: z
    .array(z.strictObject({ agentId: AgentId }))
    .min(2, 'a conversation has at least two seats')
    .max(26, 'a conversation has at most 26 seats'),
  conveyance: Conveyance.default('tool'),
  maxTurns: z.number().int().min(1).max(10_000).default(50),
  /** Edges that are not named pass everything. */
  edges: z.array(SetEdge).max(650).optional(),
  opening: z.strictObject({ to: SeatId, content: MessageText }).optional(),
});
export type OpenConversation = z.infer<typeof OpenConversation>;

export const ChangeConversation = z
  .strictObject({
    title: Name.optional(),
    maxTurns: z.number().int().min(1).max(10_000).optional(),
    state: z.enum(['running', 'paused', 'stopped']).optional(),
    /** Adopts what Letta carries by itself: from here on Parley carries it. */
    conveyance: z.enum(['tool', 'relay']).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'nothing to change: give title, maxTurns, state or conveyance');
export type ChangeConversation = z.infer<typeof ChangeConversation>;

/**
 * Words of a person. `to`: to the agent in that seat, as themselves. `as`: from a seat that they hold, to the agent in
 * seat `to`; without it to whoever waits for the seat's reply, else to the only other seat. `next_step`: no engine takes a
 * message into a step that is under way; it goes with the answers to the calls at which the agent stops next, else as
 * its next turn, before whatever else waits for it.
 */
export const Speak = z
  .strictObject({
    to: SeatId.optional(),
    as: SeatId.optional(),
    content: MessageText,
    deliver: z.enum(['next_turn', 'next_step']).default('next_turn'),
  })
  .superRefine(({ to, as, deliver }, context) => {
    if (to === undefined && as === undefined) {
      context.addIssue({ code: 'custom', path: ['to'], message: 'say to whom: a seat, or `as` which seat' });
    }
    if (as !== undefined && deliver === 'next_step') {
      context.addIssue({ code: 'custom', path: ['deliver'], message: 'next_step is for what one says as oneself' });
    }
  });
export type Speak = z.infer<typeof Speak>;

/** Stops what the agent in this seat is doing. */
export const Interrupt = z.strictObject({ seat: SeatId });
export type Interrupt = z.infer<typeof Interrupt>;

/** False where nothing was under way. */
export const Interrupted = z.object({ interrupted: z.boolean() });
export type Interrupted = z.infer<typeof Interrupted>;

/** Sends a message again whose delivery failed or is in doubt, or gives it up. */
export const SettleConveyance = z.strictObject({ action: z.enum(['retry', 'drop']) });
export type SettleConveyance = z.infer<typeof SettleConveyance>;
