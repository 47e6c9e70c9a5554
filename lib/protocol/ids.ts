import { z } from 'zod';

/** One of our own ids. Programs may write it in capitals, as Swift and .NET do; streams and subjects are named in lower case. */
const uuid = () => z.uuid().toLowerCase();

const named = <Brand extends string>(brand: Brand) =>
  z
    .string()
    .min(1)
    .max(200)
    .refine((id) => !id.includes('\u0000'), 'must not contain U+0000')
    .brand(brand);

/** UUID that names one workspace: the owner of a ledger of its own. Never taken from what a client sends. */
export const WorkspaceId = uuid().brand('WorkspaceId');
export type WorkspaceId = z.infer<typeof WorkspaceId>;

/** UUIDv7 of one entry. */
export const EntryId = uuid().brand('EntryId');
export type EntryId = z.infer<typeof EntryId>;

export const ConversationId = uuid().brand('ConversationId');
export type ConversationId = z.infer<typeof ConversationId>;

/** One message on its way between two seats: names both of its ends. */
export const ConveyanceId = uuid().brand('ConveyanceId');
export type ConveyanceId = z.infer<typeof ConveyanceId>;

/** One input sent to an agent's thread, and everything the agent does until it rests again. */
export const TurnId = uuid().brand('TurnId');
export type TurnId = z.infer<typeof TurnId>;

/** The engine's own id of an agent, such as `agent-6c95…`. */
export const AgentId = named('AgentId');
export type AgentId = z.infer<typeof AgentId>;

/** Name of a connected Letta server as people and requests write it, such as `home` or `sandbox`. */
export const ServerName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'a server name is 1–40 of a–z, 0–9 and -, and does not begin with -')
  .brand('ServerName');
export type ServerName = z.infer<typeof ServerName>;

/** One piece of work that an agent carries out for a principal. */
export const TaskId = uuid().brand('TaskId');
export type TaskId = z.infer<typeof TaskId>;

/** One message, or one call of a tool, that waits for a person. */
export const DraftId = uuid().brand('DraftId');
export type DraftId = z.infer<typeof DraftId>;

/** What a person has said once for all drafts that look alike. */
export const RuleId = uuid().brand('RuleId');
export type RuleId = z.infer<typeof RuleId>;

export const PersonId = named('PersonId');
export type PersonId = z.infer<typeof PersonId>;

export const KeyId = named('KeyId');
export type KeyId = z.infer<typeof KeyId>;

/** One message to a task's agent, wherever it is named. */
export const TaskMessageId = uuid();

/** `a`, `b`, … in the order in which a conversation lists its seats. */
export const SeatId = z
  .string()
  .regex(/^[a-z]$/, 'a seat is one letter: a, b, …')
  .brand('SeatId');
export type SeatId = z.infer<typeof SeatId>;
