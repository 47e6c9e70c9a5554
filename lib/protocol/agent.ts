import { z } from 'zod';
import { AgentId, ConversationId, ServerName } from './ids';
import { MessageText, Name, Timestamp } from './text';

/** `limit` is in characters; Letta keeps it in 32 bits. */
export const Block = z.object({
  label: Name,
  value: z.string(),
  limit: z.number().int().positive().max(2_147_483_647).optional(),
});
export type Block = z.infer<typeof Block>;

/** `idle`, `running` a turn, `waiting` at a call that needs an answer; `unknown` while its server is away. */
export const AgentState = z.enum(['idle', 'running', 'waiting', 'unknown']);
export type AgentState = z.infer<typeof AgentState>;

export const Agent = z.object({
  id: AgentId,
  server: ServerName,
  name: z.string(),
  model: z.string().nullable(),
  blocks: z.array(Block),
  tools: z.array(z.string()),
  tags: z.array(z.string()),
  sandbox: z.boolean(),
  state: AgentState,
});
export type Agent = z.infer<typeof Agent>;

const tools = z.array(Name).max(100);
const tags = z.array(Name).max(100);

/** `persona` and `human` are short for blocks of those labels. Without `model`: the server's default or its first. */
export const CreateAgent = z.strictObject({
  name: Name,
  server: ServerName.optional(),
  model: Name.optional(),
  persona: MessageText.optional(),
  human: MessageText.optional(),
  blocks: z.array(Block.strict()).max(50).default([]),
  tools: tools.default([]),
  tags: tags.default([]),
});
export type CreateAgent = z.infer<typeof CreateAgent>;

/** Blocks named here are set to the value given; blocks that are not named stay as they are. */
export const ChangeAgent = z.strictObject({
  name: Name.optional(),
  model: Name.optional(),
  blocks: z.array(Block.strict()).max(50).optional(),
  tools: tools.optional(),
  tags: tags.optional(),
});
export type ChangeAgent = z.infer<typeof ChangeAgent>;

/** One line of messages of an agent; `threadId` null is its default one. `conversationId`: whose seat it is, if any. */
export const AgentThread = z.object({
  threadId: z.string().nullable(),
  title: z.string().nullable(),
  lastMessageAt: Timestamp.nullable(),
  conversationId: ConversationId.nullable(),
});
export type AgentThread = z.infer<typeof AgentThread>;

/** One run of an agent in the engine. `usage` null: not known. `conversationId`: the one in which Parley started it. */
export const AgentRun = z.object({
  id: z.string(),
  threadId: z.string().nullable(),
  status: z.enum(['created', 'running', 'completed', 'failed', 'cancelled']),
  stopReason: z.string().nullable(),
  error: z.string().nullable(),
  createdAt: Timestamp,
  usage: z.object({ promptTokens: z.number(), completionTokens: z.number(), totalTokens: z.number() }).nullable(),
  conversationId: ConversationId.nullable(),
});
export type AgentRun = z.infer<typeof AgentRun>;

/** By whom a tool of an agent was made to ask for approval in Letta. */
const GatedBy = z.enum(['parley', 'somebody else']);

/** A tool of an agent whose calls stop in Letta until somebody has answered. */
export const AgentGate = z.object({ agentId: AgentId, server: ServerName, tool: z.string(), by: GatedBy });
export type AgentGate = z.infer<typeof AgentGate>;

/** What an agent has been doing: its threads, its newest runs, and the tools whose calls stop, by whom they were gated. */
export const AgentActivity = z.object({
  threads: z.array(AgentThread),
  runs: z.array(AgentRun),
  gates: z.array(z.object({ tool: z.string(), by: GatedBy })),
});
export type AgentActivity = z.infer<typeof AgentActivity>;

export const Model = z.object({ handle: z.string(), name: z.string(), server: ServerName });
export type Model = z.infer<typeof Model>;
