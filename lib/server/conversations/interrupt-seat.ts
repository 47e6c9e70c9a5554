import { threadOf } from '@/lib/domain/conversation/conversation-state';
import type { ConversationId, SeatId } from '@/lib/protocol/ids';
import type { Caller } from '../access/caller';
import type { Runtime } from '../runtime';
import { giveUpCall } from './give-up-call';
import { loadConversation } from './load-conversation';
import { requireSeat } from './require-seat';

/** Stops what the agent in a seat is doing: its turn, which then ends as cancelled by itself, or the call at which it stands. */
export async function interruptSeat(
  rt: Runtime,
  caller: Caller,
  conversationId: ConversationId,
  seatId: SeatId,
): Promise<{ interrupted: boolean }> {
  const state = await loadConversation(rt.database.pool, caller.workspaceId, conversationId);
  const seat = requireSeat(state, seatId);
  const turn = state.openTurns.find((each) => each.seat === seatId && each.state === 'started');
  if (!turn) return { interrupted: await giveUpCall(rt, caller, state, seat) };
  const { rows } = await rt.database.pool.query<{ run_id: string | null }>(
    'SELECT run_id FROM turn WHERE workspace_id = $1 AND id = $2',
    [caller.workspaceId, turn.id],
  );
  const { gateway } = rt.letta.require(state.server);
  return { interrupted: await gateway.interrupt(threadOf(state, seat), rows[0]?.run_id ?? undefined) };
}
