import type { PayloadOf } from '@/lib/protocol/entry';
import type { SeatId } from '@/lib/protocol/ids';
import type { AgentMessage, ToolCall } from '@/lib/protocol/message';
import { callsOf } from '@/lib/protocol/message-calls';
import type { ConversationState } from './conversation-state';
import { messagingCall } from './messaging-call';

type Kept = PayloadOf<'output.quarantined'>;

/**
 * What of a message is kept back when its agent writes it while a person sits in its seat: its words, and the messages
 * that it asks to send. Where the engine delivers by itself, its words are nobody's mail.
 */
export function lateOutput(seat: SeatId, conveyance: ConversationState['conveyance'], message: AgentMessage): Kept[] {
  const { messageId, messageType, content } = message;
  if (messageType === 'assistant_message' && content && conveyance !== 'engine') {
    return [lateWords(seat, messageId, content)];
  }
  if (messageType !== 'approval_request_message') return [];
  return lateCalls(seat, messageId, callsOf(message));
}

export const lateWords = (seat: SeatId, messageId: string, content: string): Kept => ({
  seat,
  messageId,
  toolCallId: null,
  content,
  mode: 'none',
  toAgentId: null,
});

/** Calls of messaging tools at which the agent stands. Others are not Parley's to carry, and stay with whoever gated them. */
export const lateCalls = (seat: SeatId, messageId: string, calls: readonly ToolCall[]): Kept[] =>
  calls.flatMap((call) => {
    const parsed = messagingCall(call);
    if (parsed === null) return [];
    const { toolCallId } = call;
    if (!parsed.ok) return [{ seat, messageId, toolCallId, content: call.arguments, mode: 'receipt', toAgentId: null }];
    const { content, mode, target } = parsed;
    return [{ seat, messageId, toolCallId, content, mode, toAgentId: 'agentId' in target ? target.agentId : null }];
  });
