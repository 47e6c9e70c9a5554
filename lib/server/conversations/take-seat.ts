import { decideTakeSeat } from '@/lib/domain/conversation/decide-takeover';
import type { Conversation } from '@/lib/protocol/conversation';
import { type ConversationId, PersonId, type SeatId, ServerName } from '@/lib/protocol/ids';
import type { TakeSeat } from '@/lib/protocol/seat';
import type { Caller } from '../access/caller';
import type { IdempotencyKey } from '../ledger/command';
import type { Runtime } from '../runtime';
import { commitAndRead } from './commit-and-read';
import { setGatesAhead } from './set-gates';

/** A person sits down in an agent's place, or stays there longer. Throws `seat.taken` where somebody else sits there. */
export async function takeSeat(
  rt: Runtime,
  caller: Caller,
  conversationId: ConversationId,
  seat: SeatId,
  { leaseSeconds, reason }: TakeSeat,
  idempotency?: IdempotencyKey,
): Promise<Conversation> {
  const { workspaceId, actor } = caller;
  const now = rt.clock.now();
  const { rows } = await rt.database.pool.query<{ id: string; sent_at: Date }>(
    `SELECT id, sent_at FROM conveyance WHERE workspace_id = $1 AND conversation_id = $2 AND to_seat = $3
       AND state = 'sent'`,
    [workspaceId, conversationId, seat],
  );
  const lease = {
    until: new Date(now.getTime() + leaseSeconds * 1_000),
    reason: reason ?? null,
    latencies: new Map(rows.map((row) => [row.id, Math.max(0, now.getTime() - row.sent_at.getTime())])),
  };
  const person = { personId: PersonId.parse(actor.id), name: actor.name };
  const taken = await commitAndRead(
    rt,
    caller,
    conversationId,
    (state, ids) => decideTakeSeat(state, seat, person, lease, ids),
    idempotency,
  );
  await gateSeats(rt, caller, taken);
  return taken;
}

/** Where Letta delivers, the calls of all stop from now on: those of the seat are kept back, those to it are for the person. */
async function gateSeats(rt: Runtime, { workspaceId }: Caller, { conveyance, server, seats }: Conversation) {
  if (conveyance === 'tool') return;
  await setGatesAhead(
    rt,
    seats.map(({ agentId }) => ({ workspaceId, server: ServerName.parse(server), agentId })),
  );
}
