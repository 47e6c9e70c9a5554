import { createHash } from 'node:crypto';
import { z } from 'zod';
import { JsonObject, JsonValue } from '@/lib/protocol/json';
import {
  type AgentMessage,
  type ApprovalAnswer,
  MessageType,
  type ToolCall,
  type ToolReturn,
} from '@/lib/protocol/message';

const text = z.string().nullish();
const Parts = z.array(z.looseObject({ type: text, text }));

const RawCall = z.looseObject({ tool_call_id: text, name: text, arguments: text });
const RawReturn = z.looseObject({
  tool_call_id: text,
  status: text,
  tool_return: z.union([z.string(), Parts]).nullish(),
});
const RawAnswer = z.looseObject({ tool_call_id: text, approve: z.boolean().nullish(), reason: text });

/**
 * A message as it is listed, and the frame of a stream that carries one or a fragment of one. A fragment's `tool_calls`
 * is one call and not a list.
 */
export const RawMessage = z.looseObject({
  id: z.string().min(1),
  message_type: z.string(),
  date: text,
  name: text,
  otid: text,
  sender_id: text,
  run_id: text,
  step_id: text,
  content: z.union([z.string(), Parts]).nullish(),
  reasoning: text,
  hidden_reasoning: text,
  summary: text,
  tool_call: RawCall.nullish(),
  tool_calls: z.union([z.array(RawCall), RawCall]).nullish(),
  tool_call_id: text,
  tool_return: z.union([z.string(), Parts]).nullish(),
  status: text,
  tool_returns: z.array(RawReturn).nullish(),
  approvals: z.array(RawAnswer).nullish(),
  approve: z.boolean().nullish(),
  approval_request_id: text,
  reason: text,
  agent_id: text,
  conversation_id: text,
});
export type RawMessage = z.infer<typeof RawMessage>;

/** What the server injects, and pays a turn of the model for, when an answer comes a second time. */
const KEEP_ALIVE =
  '<system-alert>Automated keep-alive ping. Ignore this message and continue from where you stopped.</system-alert>';

/** The tool by which an agent of an older kind speaks: the server lists its calls as what was said. */
const SAYING = 'send_message';

/** What the server puts in place of messages that no longer fit into the context, dressed up as words of the person. */
const Compaction = z.looseObject({
  type: z.literal('system_alert'),
  message: z.string(),
  compaction_stats: z.looseObject({}),
});

/** What the server tells an agent by itself, in the clothes of a person: that it is to go on, and why, or that it begins. */
const Notice = z.union([
  z.looseObject({ type: z.literal('heartbeat'), reason: z.string() }).transform(({ reason }) => reason),
  z
    .looseObject({ type: z.literal('login'), last_login: z.string() })
    .transform((login) => `Login: ${login.last_login}`),
]);

const isKeepAlive = (message: AgentMessage): boolean =>
  message.messageType === 'user_message' && message.content?.trim() === KEEP_ALIVE;

/**
 * What is no part of a transcript: such a message, and the return of a call by which an agent of an older kind says
 * something. The server leaves that out itself, unless call and return come to stand on two pages.
 */
export const isHidden = (message: AgentMessage): boolean =>
  isKeepAlive(message) || (!message.toolReturns && message.toolReturn?.name === SAYING);

/**
 * Converts a listed message, or a whole one out of a stream. What is not understood becomes a message `unknown` that
 * carries everything; one without an id gets a stable one made of its content.
 */
export function toAgentMessage(input: unknown): AgentMessage {
  const parsed = RawMessage.safeParse(input);
  if (!parsed.success) return toUnknown(input);
  const raw = parsed.data;
  const type = MessageType.safeParse(raw.message_type);
  const told = raw.message_type === 'user_message' ? alertIn(raw) : null;
  if (told !== null) return { ...commonOf(raw, told.messageType), content: told.content };
  if (!type.success || type.data === 'unknown') return toUnknown(input);
  return { ...commonOf(raw, type.data), ...particularsOf(raw, type.data) };
}

/** What of the server's own stands in the place of a person's words. */
function alertIn({ content, otid }: RawMessage): Pick<AgentMessage, 'messageType' | 'content'> | null {
  if (typeof content !== 'string' || !content.startsWith('{')) return null;
  try {
    const alert: unknown = JSON.parse(content);
    const summary = Compaction.safeParse(alert);
    if (summary.success) return { messageType: 'summary_message', content: summary.data.message };
    const notice = Notice.safeParse(alert);
    return notice.success && !otid ? { messageType: 'system_message', content: notice.data } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** What every message has. Who sent it and under which id is only said of an input. */
export function commonOf(raw: RawMessage, messageType: MessageType): AgentMessage {
  const input = messageType === 'user_message' || messageType === 'system_message';
  return {
    messageId: raw.id,
    messageType,
    runId: raw.run_id ?? null,
    stepId: raw.step_id ?? null,
    otid: input ? (raw.otid ?? null) : null,
    senderId: input ? (raw.sender_id ?? null) : null,
    senderName: input ? (raw.name ?? null) : null,
    date: toTimestamp(raw.date),
  };
}

function particularsOf(raw: RawMessage, messageType: MessageType): Partial<AgentMessage> {
  switch (messageType) {
    case 'user_message':
    case 'system_message':
    case 'assistant_message':
      return contentOf(raw);
    case 'reasoning_message':
      return { reasoning: raw.reasoning ?? '' };
    case 'hidden_reasoning_message':
      return raw.hidden_reasoning ? { reasoning: raw.hidden_reasoning } : {};
    case 'summary_message':
      return { content: raw.summary ?? '' };
    case 'tool_call_message':
    case 'approval_request_message':
      return callFields(listOf(raw.tool_calls, raw.tool_call).map(toCall));
    case 'tool_return_message':
      return returnFields(raw);
    case 'approval_response_message':
      return { approvals: answersOf(raw) };
    default:
      return { raw: jsonOf(raw) };
  }
}

/** `toolCalls` is there only when a step made several. */
export function callFields(calls: ToolCall[]): Pick<AgentMessage, 'toolCall' | 'toolCalls'> {
  const [toolCall] = calls;
  if (!toolCall) return {};
  return calls.length > 1 ? { toolCall, toolCalls: calls } : { toolCall };
}

/** Text is joined; parts that are no text, such as images, are kept beside it. */
function contentOf(raw: RawMessage): Pick<AgentMessage, 'content' | 'raw'> {
  const onlyText = !Array.isArray(raw.content) || raw.content.every((part) => typeof part.text === 'string');
  return { content: textOf(raw.content), ...(onlyText ? {} : { raw: jsonOf(raw.content) }) };
}

/** HAZARD: the top-level fields of a return describe only one of several, and its `name` may belong to another. */
function returnFields(raw: RawMessage): Pick<AgentMessage, 'toolReturn' | 'toolReturns'> {
  const listed = raw.tool_returns ?? [];
  const returns = (listed.length > 0 ? listed : [raw]).map((each) =>
    toReturn(each, listed.length > 1 ? null : raw.name),
  );
  const [toolReturn] = returns;
  if (!toolReturn) return {};
  return returns.length > 1 ? { toolReturn, toolReturns: returns } : { toolReturn };
}

function toReturn(raw: z.infer<typeof RawReturn>, name: string | null | undefined): ToolReturn {
  return {
    toolCallId: raw.tool_call_id ?? '',
    name: name ?? null,
    status: raw.status === 'error' ? 'error' : 'success',
    text: textOf(raw.tool_return),
  };
}

export function toCall(raw: z.infer<typeof RawCall>): ToolCall {
  return { toolCallId: raw.tool_call_id ?? '', name: raw.name ?? '', arguments: raw.arguments ?? '' };
}

/** The calls that a message or a fragment carries, in either of its two fields. */
export const listOf = <Item>(several: Item[] | Item | null | undefined, one: Item | null | undefined): Item[] => {
  if (Array.isArray(several)) return several;
  const single = several ?? one;
  return single ? [single] : [];
};

function answersOf(raw: RawMessage): ApprovalAnswer[] {
  const answers = raw.approvals ?? [
    { tool_call_id: raw.approval_request_id, approve: raw.approve, reason: raw.reason },
  ];
  return answers.map((answer) => ({
    toolCallId: answer.tool_call_id ?? '',
    approve: answer.approve ?? null,
    reason: answer.reason ?? null,
  }));
}

function textOf(content: RawMessage['content']): string {
  if (typeof content === 'string') return content;
  return (content ?? []).flatMap((part) => (typeof part.text === 'string' ? [part.text] : [])).join('\n');
}

function toUnknown(input: unknown): AgentMessage {
  const fields = JsonObject.safeParse(input).data ?? {};
  const told = (name: string) => (typeof fields[name] === 'string' && fields[name] !== '' ? fields[name] : null);
  return {
    messageId:
      told('id') ??
      `unknown-${createHash('sha256')
        .update(JSON.stringify(input) ?? '')
        .digest('hex')
        .slice(0, 32)}`,
    messageType: 'unknown',
    raw: jsonOf(input),
    runId: told('run_id'),
    stepId: told('step_id'),
    otid: null,
    senderId: null,
    senderName: null,
    date: toTimestamp(told('date')),
  };
}

const jsonOf = (value: unknown): JsonValue => JsonValue.safeParse(value).data ?? null;

/** ISO-8601 with milliseconds. HAZARD: some of the server's times are UTC without saying so. */
export function toTimestamp(date: string | null | undefined): string {
  const zoned = date && !/(?:z|[+-]\d{2}:?\d{2})$/i.test(date) ? `${date}Z` : date;
  const parsed = zoned ? Date.parse(zoned) : Number.NaN;
  return new Date(Number.isNaN(parsed) ? Date.now() : parsed).toISOString();
}
