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
  opening: z.strictObject({ to: SeatId, content: MessageText }).optional(),
});
export type OpenConversation = z.infer<typeof OpenConversation>;

export const ChangeConversation = z
  .strictObject({
    title: Name.optional(),
    maxTurns: z.number().int().min(1).max(10_000).optional(),
    state: z.enum(['running', 'paused', 'stopped']).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'nothing to change: give title, maxTurns or state');
export type ChangeConversation = z.infer<typeof ChangeConversation>;

export const Speak = z.strictObject({
  to: SeatId,
  content: MessageText,
  deliver: z.enum(['next_turn', 'next_step']).default('next_turn'),
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
