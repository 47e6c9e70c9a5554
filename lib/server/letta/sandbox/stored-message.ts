import { z } from 'zod';
import { JsonValue } from '@/lib/protocol/json';

const ToolStatus = z.enum(['success', 'error']);

/** One call as the model wrote it; `arguments` is text that usually is JSON. */
export const StoredCall = z.object({ id: z.string(), name: z.string(), arguments: z.string() });
export type StoredCall = z.infer<typeof StoredCall>;

export const StoredReturn = z.object({
  callId: z.string(),
  status: ToolStatus,
  text: z.string(),
  stdout: z.array(z.string()).nullable(),
  stderr: z.array(z.string()).nullable(),
});
export type StoredReturn = z.infer<typeof StoredReturn>;

/** What was answered to one waiting call: a verdict, or the result itself. */
export const StoredAnswer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('approval'), callId: z.string(), approve: z.boolean(), reason: z.string().nullable() }),
  z.object({ type: z.literal('tool'), ...StoredReturn.shape }),
]);
export type StoredAnswer = z.infer<typeof StoredAnswer>;

export const ContentPart = z.discriminatedUnion('type', [
  z.object({ type: z.literal('reasoning'), reasoning: z.string() }),
  z.object({ type: z.literal('text'), text: z.string() }),
]);
export type ContentPart = z.infer<typeof ContentPart>;

const sender = { name: z.string().nullable(), senderId: z.string().nullable(), otid: z.string().nullable() };

/**
 * What one row of the message table holds. A row is what the model sees as one message; the API shows it as several
 * (reasoning, then text, then calls) that share its id, and counts a page's `limit` in rows.
 */
export const MessageBody = z.discriminatedUnion('role', [
  z.object({ role: z.literal('system'), text: z.string(), ...sender }),
  z.object({ role: z.literal('user'), content: z.union([z.string(), z.array(JsonValue)]), ...sender }),
  z.object({ role: z.literal('assistant'), content: z.array(ContentPart), calls: z.array(StoredCall), ...sender }),
  z.object({ role: z.literal('tool'), name: z.string().nullable(), returns: z.array(StoredReturn).min(1) }),
  z.object({ role: z.literal('approval_request'), content: z.array(ContentPart), calls: z.array(StoredCall).min(1) }),
  z.object({ role: z.literal('approval_response'), answers: z.array(StoredAnswer) }),
]);
export type MessageBody = z.infer<typeof MessageBody>;

/** A message before it has its place in the listing. */
export type DraftMessage = { id: string; body: MessageBody };

/** A message as it is stored. `runId` and `stepId` are null for an agent's own prompt. */
export type StoredMessage = DraftMessage & {
  agentId: string;
  conversationId: string | null;
  runId: string | null;
  stepId: string | null;
  createdAt: Date;
};

/** The text of what somebody said to the agent; parts that are not text are left out. */
export function inputText(body: Extract<MessageBody, { role: 'user' | 'system' }>): string {
  if (body.role === 'system') return body.text;
  if (typeof body.content === 'string') return body.content;
  const parts = z.array(z.object({ text: z.string() })).catch([]);
  return parts
    .parse(body.content.filter((part) => part !== null && typeof part === 'object' && 'text' in part))
    .map((part) => part.text)
    .join('\n');
}
