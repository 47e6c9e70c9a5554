import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { JsonObject, JsonValue } from '@/lib/protocol/json';
import { newLettaId } from './letta-id';
import { LettaRefusal, refuse } from './letta-refusal';
import { pythonRepr } from './python-text';
import type { DraftMessage, StoredAnswer } from './stored-message';

const nullableText = z.string().nullish();

const Verdict = z.object({
  type: z.literal('approval').default('approval'),
  tool_call_id: z.string(),
  approve: z.boolean(),
  reason: nullableText,
});

const Result = z.object({
  type: z.literal('tool').default('tool'),
  tool_call_id: z.string(),
  tool_return: z.union([z.string(), z.array(JsonValue)]),
  status: z.enum(['success', 'error']),
  stdout: z.array(z.string()).nullish(),
  stderr: z.array(z.string()).nullish(),
});

const Spoken = z.object({
  type: z.literal('message'),
  role: z.enum(['user', 'system', 'assistant']),
  content: z.union([z.string(), z.array(JsonValue)]),
  name: nullableText,
  otid: nullableText,
  sender_id: nullableText,
});

const Answered = z.object({
  type: z.literal('approval'),
  approvals: z.array(z.union([Verdict, Result])).nullish(),
  approve: z.boolean().nullish(),
  approval_request_id: nullableText,
  reason: nullableText,
});

const Returned = z.object({ type: z.literal('tool_return'), tool_returns: z.array(Result) });

/** Entries may leave out `type`: those with the members of the older form of an answer are answers, others messages. */
const Entry = z.preprocess(
  (entry) => {
    if (entry === null || typeof entry !== 'object' || ('type' in entry && entry.type)) return entry;
    return { ...entry, type: 'approve' in entry || 'approval_request_id' in entry ? 'approval' : 'message' };
  },
  z.discriminatedUnion('type', [Spoken, Answered, Returned]),
);

const ClientTool = z.object({
  name: z.string(),
  description: nullableText,
  parameters: JsonObject.nullish(),
});

/** Body of every request that starts a turn; members that the sandbox has no use for are ignored, as elsewhere. */
export const SendRequest = z.object({
  messages: z.array(Entry).nullish(),
  input: z.union([z.string(), z.array(JsonValue)]).nullish(),
  agent_id: nullableText,
  streaming: z.boolean().nullish(),
  stream_tokens: z.boolean().default(false),
  include_pings: z.boolean().default(true),
  background: z.boolean().default(false),
  max_steps: z.number().int().min(1).default(50),
  include_return_message_types: z.array(z.string()).nullish(),
  client_tools: z.array(ClientTool).nullish(),
  override_model: nullableText,
});
export type SendRequest = z.infer<typeof SendRequest>;

/** What a turn starts with: something that is said, or the answers to calls that wait. */
export type TurnInput = { kind: 'message'; draft: DraftMessage } | { kind: 'answers'; answers: StoredAnswer[] };

type SpokenEntry = Omit<z.infer<typeof Spoken>, 'type'>;

function toDraft(spoken: SpokenEntry): DraftMessage {
  const sender = {
    name: spoken.name ?? null,
    senderId: spoken.sender_id ?? null,
    otid: spoken.otid ?? randomUUID(),
  };
  const id = newLettaId('message');
  const text = typeof spoken.content === 'string' ? spoken.content : textOfParts(spoken.content);
  if (spoken.role === 'system') return { id, body: { role: 'system', text, ...sender } };
  if (spoken.role === 'assistant') {
    return { id, body: { role: 'assistant', content: [{ type: 'text', text }], calls: [], ...sender } };
  }
  return { id, body: { role: 'user', content: singleText(spoken.content) ?? spoken.content, ...sender } };
}

const TextPart = z.object({ type: z.literal('text').default('text'), text: z.string() });

function textOfParts(parts: JsonValue[]): string {
  return parts
    .map((part) => TextPart.safeParse(part))
    .flatMap((parsed) => (parsed.success ? [parsed.data.text] : []))
    .join('\n');
}

/** One part of text is listed as plain text, anything else as it came. */
function singleText(content: string | JsonValue[]): string | null {
  if (typeof content === 'string') return content;
  const only = content.length === 1 ? TextPart.safeParse(content[0]) : null;
  return only?.success ? only.data.text : null;
}

const toAnswer = (given: z.infer<typeof Verdict> | z.infer<typeof Result>): StoredAnswer =>
  given.type === 'approval'
    ? { type: 'approval', callId: given.tool_call_id, approve: given.approve, reason: given.reason ?? null }
    : {
        type: 'tool',
        callId: given.tool_call_id,
        status: given.status,
        text: typeof given.tool_return === 'string' ? given.tool_return : textOfParts(given.tool_return),
        stdout: given.stdout ?? null,
        stderr: given.stderr ?? null,
      };

function toInput(entry: z.infer<typeof Entry>): TurnInput {
  if (entry.type === 'message') return { kind: 'message', draft: toDraft(entry) };
  if (entry.type === 'tool_return') return { kind: 'answers', answers: entry.tool_returns.map(toAnswer) };
  if (entry.approvals) return { kind: 'answers', answers: entry.approvals.map(toAnswer) };
  const { approval_request_id: callId, approve, reason } = entry;
  if (!callId || approve === null || approve === undefined) return { kind: 'answers', answers: [] };
  return { kind: 'answers', answers: [{ type: 'approval', callId, approve, reason: reason ?? null }] };
}

function valueError(message: string): LettaRefusal {
  const detail = `[{'type': 'value_error', 'loc': ('body',), 'msg': ${pythonRepr(`Value error, ${message}`)}}]`;
  return new LettaRefusal(422, { trace_id: '', detail }, detail);
}

/** The input of a turn, at least one entry. Throws 422 for none, and for both forms at once. */
export function inputOf(request: SendRequest): [TurnInput, ...TurnInput[]] {
  const { messages, input } = request;
  if (input != null && messages != null) {
    throw valueError("Cannot specify both 'input' and 'messages'. Use one or the other.");
  }
  if (input == null && messages == null) throw valueError("Must specify either 'input' or 'messages'.");
  if (input != null) return [{ kind: 'message', draft: toDraft({ role: 'user', content: input }) }];
  const [first, ...others] = (messages ?? []).map(toInput);
  if (!first) throw refuse(422, 'Messages must not be empty');
  return [first, ...others];
}

/** The draft of the user message that the server makes up when calls are answered that were answered before. */
export const keepAlive = (): DraftMessage =>
  toDraft({
    role: 'user',
    content:
      '<system-alert>Automated keep-alive ping. Ignore this message and continue from where you stopped.</system-alert>',
  });
