import type { ToolCall } from '@/lib/protocol/message';
import {
  type Carried,
  carryMessage,
  type Directory,
  joinCarried,
  nothingCarried,
  type OutgoingMessage,
  refuseMessage,
  withCarried,
} from './carry-message';
import type { ConversationState, Ids } from './conversation-state';
import { messagingCall } from './messaging-call';

/** What becomes of one call of a messaging tool; null where the tool is none of ours to carry. */
export function decideCall(
  state: ConversationState,
  directory: Directory,
  author: OutgoingMessage['author'] & { messageId: string },
  call: ToolCall,
  ids: Ids,
): Carried | null {
  const parsed = messagingCall(call);
  if (parsed === null) return null;
  const { messageId, ...from } = author;
  const common = { author: from, messageId, toolCallId: call.toolCallId };
  if (!parsed.ok) {
    const unread: OutgoingMessage = { ...common, content: call.arguments, mode: 'receipt' };
    return refuseMessage(unread, { agentId: null, name: 'nobody' }, parsed.text, ids);
  }
  const { target, content, mode } = parsed;
  const message: OutgoingMessage = { ...common, content, mode };
  const agentIds = 'agentId' in target ? [target.agentId] : directory.tagged(target.matchAll, target.matchSome);
  const others = agentIds.filter((agentId) => agentId !== author.seat.agentId || 'agentId' in target);
  if (others.length === 0) {
    return refuseMessage(message, { agentId: null, name: 'nobody' }, 'Error: no other agent carries these tags.', ids);
  }
  return others.reduce(
    (carried, agentId) =>
      joinCarried(carried, carryMessage(withCarried(state, carried), directory, message, agentId, ids)),
    nothingCarried(),
  );
}
