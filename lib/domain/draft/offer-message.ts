import type {
  ConversationFact,
  ConversationState,
  ConveyanceState,
  SeatState,
} from '@/lib/domain/conversation/conversation-state';
import { verdictKinds } from '@/lib/protocol/draft';
import type { AgentId, DraftId } from '@/lib/protocol/ids';
import type { Hold } from './find-hold';

/** A message that parks: offered to whoever reviews, with a pointer in its conversation. */
export function offerMessage(
  state: ConversationState,
  author: SeatState,
  conveyance: ConveyanceState & { draftId: DraftId; toAgentId: AgentId },
  hold: Hold,
): ConversationFact[] {
  const { draftId, id: conveyanceId, to, toAgentId, toName, content, messageId, toolCallId } = conveyance;
  const { ruleId, ...how } = hold;
  const toolCall = author.pending?.calls.find((call) => call.toolCallId === toolCallId);
  const used: ConversationFact[] =
    ruleId === null
      ? []
      : [{ type: 'rule.used', payload: { ruleId, effect: 'ask', conversationId: state.id, conveyanceId, draftId } }];
  return [
    {
      type: 'draft.offered',
      payload: {
        draftId,
        kind: 'message',
        conversationId: state.id,
        conveyanceId,
        server: state.server,
        threadId: author.threadId,
        from: { seat: author.id, agentId: author.agentId, name: author.name },
        to: { ...(to === null ? {} : { seat: to }), agentId: toAgentId, name: toName },
        content,
        messageId,
        fromTurnId: conveyance.fromTurnId,
        runId: null,
        ...(toolCall ? { toolCall } : {}),
        ...how,
        ...(ruleId === null ? {} : { ruleId }),
        allowed: [...verdictKinds],
      },
    },
    ...used,
    { type: 'draft.parked', payload: { draftId, seat: author.id, conveyanceId } },
  ];
}
