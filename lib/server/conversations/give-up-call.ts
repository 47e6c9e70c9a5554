import { type ConversationState, type SeatState, threadOf } from '@/lib/domain/conversation/conversation-state';
import type { Caller } from '../access/caller';
import { withdrawDraft } from '../drafts/withdraw-draft';
import type { Runtime } from '../runtime';
import { syncThread } from './sync-thread';

/**
 * Gives up the call at which the agent in a seat stands, and withdraws what of it waits for people: the agent can be
 * spoken to again. False where it stands at none.
 */
export async function giveUpCall(
  rt: Runtime,
  { workspaceId, actor }: Caller,
  state: ConversationState,
  seat: SeatState,
): Promise<boolean> {
  const thread = threadOf(state, seat);
  const { gateway } = rt.letta.require(state.server);
  const pending = await gateway.findPendingApproval(thread);
  // A run that stands at a call is stopped only by its name.
  if (!pending?.runId || !(await gateway.interrupt(thread, pending.runId))) return false;
  const agent = { kind: 'agent' as const, id: seat.agentId, name: seat.name };
  await syncThread(rt, gateway, { workspaceId, conversationId: state.id, seat: seat.id, agent }, thread);
  for (const draft of state.drafts.filter(({ messageId }) => messageId === pending.messageId)) {
    await withdrawDraft(rt, draft, `${actor.name} gave up the call at which it waited.`);
  }
  return true;
}
