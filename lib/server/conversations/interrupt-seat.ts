import { findSeat, threadOf } from '@/lib/domain/conversation/conversation-state';
import { AppError } from '@/lib/protocol/errors';
import type { ConversationId, SeatId } from '@/lib/protocol/ids';
import type { Caller } from '../access/caller';
import type { Runtime } from '../runtime';
import { giveUpCall } from './give-up-call';
import { loadConversation } from './load-conversation';

/** Stops what the agent in a seat is doing: its turn, which then ends as cancelled by itself, or the call at which it stands. */
export async function interruptSeat(
  rt: Runtime,
  caller: Caller,
  conversationId: ConversationId,
  seatId: SeatId,
): Promise<{ interrupted: boolean }> {
  const state = await loadConversation(rt.database.pool, caller.workspaceId, conversationId);
  const seat = findSeat(state, seatId);
  if (!seat) {
    const fields = { seat: `one of ${state.seats.map((each) => each.id).join(', ')}` };
    throw new AppError('request.invalid', 'No such seat.', { fields });
  }
  const turn = state.openTurns.find((each) => each.seat === seatId && each.state === 'started');
  if (!turn) return { interrupted: await giveUpCall(rt, caller, state, seat) };
  const { rows } = await rt.database.pool.query<{ run_id: string | null }>(
    'SELECT run_id FROM turn WHERE workspace_id = $1 AND id = $2',
    [caller.workspaceId, turn.id],
  );
  const { gateway } = rt.letta.require(state.server);
  return { interrupted: await gateway.interrupt(threadOf(state, seat), rows[0]?.run_id ?? undefined) };
}
