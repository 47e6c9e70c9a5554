import { z } from 'zod';
import type { CallMode } from '@/lib/protocol/entries/conversation-entries';
import { AgentId } from '@/lib/protocol/ids';
import { JsonValue } from '@/lib/protocol/json';
import type { ToolCall } from '@/lib/protocol/message';
import { type MessagingTool, messagingTools } from '@/lib/protocol/messaging-tools';
import { MessageText } from '@/lib/protocol/text';

/** Who is meant by a call of a messaging tool: one agent, or all that carry these tags. */
export type CallTarget = { agentId: AgentId } | { matchAll: string[]; matchSome: string[] };

export type MessagingCall =
  | { ok: true; content: string; target: CallTarget; mode: Exclude<CallMode, 'none'> }
  /** `text` is what the author reads as the result of the call. */
  | { ok: false; text: string };

const ToOne = z.object({ message: MessageText, other_agent_id: AgentId });
const ToOneAnyhow = z.object({ message: JsonValue, other_agent_id: AgentId });
const ToMany = z.object({
  message: MessageText,
  match_all: z.array(z.string()).default([]),
  match_some: z.array(z.string()).default([]),
});

const modes: Record<MessagingTool, Exclude<CallMode, 'none'>> = {
  send_message_to_agent_async: 'receipt',
  send_message_to_agent_and_wait_for_reply: 'reply',
  send_message_to_agents_matching_tags: 'reply',
};

const isMessaging = (name: string): name is MessagingTool => messagingTools.some((tool) => tool === name);

/** Reads a call of one of Letta's messaging tools (names and arguments of letta 0.16.8); null for any other tool. */
export function messagingCall(call: ToolCall): MessagingCall | null {
  if (!isMessaging(call.name)) return null;
  const mode = modes[call.name];
  const given = parseArguments(call.arguments);
  if (given === null) return { ok: false, text: 'Error: the arguments of this call are not a JSON object.' };
  if (call.name === 'send_message_to_agents_matching_tags') {
    const many = ToMany.safeParse(given);
    if (!many.success) return { ok: false, text: refusalText(many.error) };
    const { message, match_all: matchAll, match_some: matchSome } = many.data;
    if (matchAll.length + matchSome.length === 0) {
      return { ok: false, text: 'Error: name at least one tag in match_all or match_some.' };
    }
    return { ok: true, content: message, target: { matchAll, matchSome }, mode };
  }
  const one = ToOne.safeParse(given);
  if (!one.success) return { ok: false, text: refusalText(one.error) };
  return { ok: true, content: one.data.message, target: { agentId: one.data.other_agent_id }, mode };
}

/** The same as an engine reads it that carries the call out by itself: it delivers any message, an empty one, too. */
export function engineCall(call: ToolCall): MessagingCall | null {
  const parsed = messagingCall(call);
  const any = parsed?.ok === false ? ToOneAnyhow.safeParse(parseArguments(call.arguments)) : null;
  if (!any?.success || !isMessaging(call.name)) return parsed;
  const { message, other_agent_id: agentId } = any.data;
  const content = typeof message === 'string' ? message : JSON.stringify(message);
  return { ok: true, content, target: { agentId }, mode: modes[call.name] };
}

function parseArguments(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null; // What a model wrote need not be JSON; the caller answers it with words.
  }
}

const refusalText = (error: z.ZodError): string =>
  `Error: ${error.issues.map((issue) => `${issue.path.join('.') || 'arguments'}: ${issue.message}`).join('; ')}.`;

/** Whether an agent with these tags is meant. Letta's rule: all of `matchAll`, and one of `matchSome` where given. */
export const isTagged = (tags: readonly string[], matchAll: readonly string[], matchSome: readonly string[]): boolean =>
  matchAll.every((tag) => tags.includes(tag)) &&
  (matchSome.length === 0 || matchSome.some((tag) => tags.includes(tag)));

/** What the receiver reads: the server's own wording (letta 0.16.8), without its lower-case copy. */
export function incomingText(senderId: AgentId, content: string, mode: CallMode): string {
  const note =
    mode === 'receipt'
      ? 'this is a one-way notification; if you need to respond, use an agent-to-agent messaging tool if available'
      : 'your response will be delivered to the sender';
  return `[Incoming message from agent with ID '${senderId}' - ${note}] ${content}`;
}

/** What the author of an async call reads when its message has been delivered: the server's own words. */
export const receiptText = 'Successfully sent message';

/** What the author of a call that waits reads: the server's own form, a Python literal. */
export const replyText = (agentId: AgentId, response: readonly string[]): string =>
  `{'agent_id': ${pythonText(agentId)}, 'response': [${(response.length > 0 ? response : ['<no response>']).map(pythonText).join(', ')}]}`;

/** What the author of a call by tags reads: a Python list of replies. */
export const repliesText = (replies: readonly string[]): string => `[${replies.join(', ')}]`;

/** repr() of a str, as far as a model can tell. */
const pythonText = (text: string): string => {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
  return `${quote}${quote === "'" ? escaped.replaceAll("'", "\\'") : escaped}${quote}`;
};
