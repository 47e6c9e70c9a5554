import { decideHandBack } from '@/lib/domain/conversation/decide-takeover';
import type { Conversation } from '@/lib/protocol/conversation';
import { type ConversationId, PersonId, type SeatId } from '@/lib/protocol/ids';
import { roleContains } from '@/lib/protocol/roles';
import type { HandBackSeat } from '@/lib/protocol/seat';
import type { Caller } from '../access/caller';
import type { IdempotencyKey } from '../ledger/command';
import type { Runtime } from '../runtime';
import { commitAndRead } from './commit-and-read';

/** The holder of a seat, or an admin, gives it back to its agent, which is told the summary and goes on. */
export async function handBackSeat(
  rt: Runtime,
  caller: Caller,
  conversationId: ConversationId,
  seat: SeatId,
  { summary }: HandBackSeat,
  idempotency?: IdempotencyKey,
): Promise<Conversation> {
  const { actor, role } = caller;
  const by = { personId: PersonId.parse(actor.id), name: actor.name, isAdmin: roleContains(role, 'admin') };
  return commitAndRead(
    rt,
    caller,
    conversationId,
    (state, ids) => decideHandBack(state, seat, by, summary ?? null, ids),
    idempotency,
  );
}
