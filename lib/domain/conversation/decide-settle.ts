import { type ConveyanceId, TurnId } from '@/lib/protocol/ids';
import type { ConversationDecision, ConversationState, Ids } from './conversation-state';
import { findSeat, threadOf } from './conversation-state';
import { withAnswers } from './decide-turn';
import { incomingText } from './messaging-call';

/**
 * A person settles a message that was not delivered, or perhaps was: `retry` sends it again (they have looked), `drop`
 * gives it up, and its author reads that it was not delivered.
 */
export function decideSettle(
  state: ConversationState,
  conveyanceId: ConveyanceId,
  action: 'retry' | 'drop',
  ids: Ids,
): ConversationDecision {
  const conveyance = state.openConveyances.find((each) => each.id === conveyanceId);
  if (!conveyance) return { ok: false, code: 'conveyance.not_found', message: 'No such message is on its way here.' };
  if (conveyance.state !== 'failed' && conveyance.state !== 'outcome_unknown') {
    return {
      ok: false,
      code: 'conveyance.state',
      message: `This message is ${conveyance.state}; there is nothing to settle.`,
    };
  }
  if (action === 'drop') {
    const text = `Error: the message to ${conveyance.toName} was not delivered.`;
    const facts = [
      {
        type: 'message.delivery_failed' as const,
        payload: { conveyanceId, outcome: 'dropped' as const, reason: 'Given up by a person.' },
      },
    ];
    return withAnswers(state, facts, [{ conveyance, status: 'error', text }], ids);
  }
  if (state.phase === 'stopped') {
    return { ok: false, code: 'conversation.state', message: 'The conversation is stopped; nothing is carried in it.' };
  }
  const author = findSeat(state, conveyance.from);
  const receiver = conveyance.to ? findSeat(state, conveyance.to) : undefined;
  if (!author || conveyance.toAgentId === null) {
    return { ok: false, code: 'conveyance.state', message: 'This message had nobody to go to.' };
  }
  const thread = receiver
    ? threadOf(state, receiver)
    : { server: state.server, agentId: conveyance.toAgentId, threadId: null };
  const turnId = TurnId.parse(ids.next());
  return {
    ok: true,
    facts: [{ type: 'message.delivery_retried', payload: { conveyanceId, turnId } }],
    queue: [
      {
        id: turnId,
        rootId: turnId,
        seat: conveyance.to,
        thread,
        input: {
          kind: 'agent',
          text: incomingText(author.agentId, conveyance.content, conveyance.mode),
          otid: ids.next(),
          senderId: author.agentId,
          senderName: author.name,
          conveyanceId,
        },
      },
    ],
    wake: [thread],
  };
}
