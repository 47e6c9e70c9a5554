import { decideHandBack } from '@/lib/domain/conversation/decide-takeover';
import type { Conversation } from '@/lib/protocol/conversation';
import { type ConversationId, PersonId, type SeatId } from '@/lib/protocol/ids';
import { roleContains } from '@/lib/protocol/role';
import type { HandBackSeat } from '@/lib/protocol/seat';
import type { Caller } from '../access/caller';
import type { Runtime } from '../runtime';
import { commitDecision } from './commit-decision';
import { requireConversation } from './read-conversations';

/** The holder of a seat, or an admin, gives it back to its agent, which is told the summary and goes on. */
export async function handBackSeat(
  rt: Runtime,
  { workspaceId, actor, role }: Caller,
  conversationId: ConversationId,
  seat: SeatId,
  { summary }: HandBackSeat,
): Promise<Conversation> {
  const by = { personId: PersonId.parse(actor.id), name: actor.name, isAdmin: roleContains(role, 'admin') };
  await commitDecision(rt.ledger, {
    workspaceId,
    conversationId,
    actor,
    decide: (state, ids) => decideHandBack(state, seat, by, summary ?? null, ids),
  });
  return requireConversation(rt.database.pool, workspaceId, conversationId);
}
