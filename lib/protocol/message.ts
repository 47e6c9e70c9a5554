import { z } from 'zod';
import { JsonValue } from './json';
import { Timestamp } from './text';

/** What an agent's transcript is made of, in Letta's own words; `unknown` is what we do not understand. */
export const messageTypes = [
  'user_message',
  'system_message',
  'assistant_message',
  'reasoning_message',
  'hidden_reasoning_message',
  'tool_call_message',
  'tool_return_message',
  'approval_request_message',
  'approval_response_message',
  'summary_message',
  'event_message',
  'unknown',
] as const;
export const MessageType = z.enum(messageTypes);
export type MessageType = z.infer<typeof MessageType>;

/** `arguments` is the model's own text, usually JSON; it is kept and shown as it came. */
export const ToolCall = z.object({ toolCallId: z.string(), name: z.string(), arguments: z.string() });
export type ToolCall = z.infer<typeof ToolCall>;

export const ToolReturn = z.object({
  toolCallId: z.string(),
  name: z.string().nullable(),
  status: z.enum(['success', 'error']),
  text: z.string(),
});
export type ToolReturn = z.infer<typeof ToolReturn>;

/** What was answered to one call that waited for approval; `approve` is null where a tool result was given instead. */
export const ApprovalAnswer = z.object({
  toolCallId: z.string(),
  approve: z.boolean().nullable(),
  reason: z.string().nullable(),
});
export type ApprovalAnswer = z.infer<typeof ApprovalAnswer>;

/**
 * One message of an agent's transcript, whatever the dialect. Which of the middle fields is there follows from
 * `messageType`; `toolCalls`, `toolReturns` hold all of a step that made several, `toolCall`, `toolReturn` the first.
 * Several messages of one step may share `messageId`: identity is `messageId` and `messageType` together.
 * `date` has the engine's precision (REST: whole seconds); order is that of the listing, never of `date`.
 * `runId` is null for the agent's own prompt. `otid` is the sender's id of an input, kept by the engine.
 */
export const AgentMessage = z.object({
  messageId: z.string().min(1),
  messageType: MessageType,
  content: z.string().optional(),
  reasoning: z.string().optional(),
  toolCall: ToolCall.optional(),
  toolCalls: z.array(ToolCall).optional(),
  toolReturn: ToolReturn.optional(),
  toolReturns: z.array(ToolReturn).optional(),
  approvals: z.array(ApprovalAnswer).optional(),
  raw: JsonValue.optional(),
  runId: z.string().nullable(),
  stepId: z.string().nullable(),
  otid: z.string().nullable(),
  senderId: z.string().nullable(),
  senderName: z.string().nullable(),
  date: Timestamp,
});
export type AgentMessage = z.infer<typeof AgentMessage>;
