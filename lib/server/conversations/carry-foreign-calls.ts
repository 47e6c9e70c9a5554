import { decideForeignCalls } from '@/lib/domain/conversation/decide-turn';
import { isWatched } from '@/lib/domain/draft/hold-call';
import type { ConversationId, SeatId, ServerName } from '@/lib/protocol/ids';
import type { Runtime } from '../runtime';
import { commitDecision } from './commit-decision';
import { readDirectory } from './directory';
import { loadConversation } from './load-conversation';
import type { SeatRef } from './record-messages';

async function isSeated(rt: Runtime, conversationId: ConversationId, seat: SeatId): Promise<boolean> {
  const { rows } = await rt.database.pool.query(
    'SELECT 1 FROM seat WHERE workspace_id = $1 AND conversation_id = $2 AND seat = $3 AND taken',
    [rt.workspaceId, conversationId, seat],
  );
  return rows.length > 0;
}

/** Carries messaging calls at which the agent in a seat stands without a turn of ours: nobody else would answer them. */
export async function carryForeignCalls(
  rt: Runtime,
  server: ServerName,
  { workspaceId, conversationId, seat, agent }: SeatRef,
): Promise<void> {
  const state = await loadConversation(rt.database.pool, workspaceId, conversationId);
  const author = state.seats.find((each) => each.id === seat);
  const pending = author?.pending;
  const isKnown = [...state.openConveyances, ...state.drafts].some((each) => each.messageId === pending?.messageId);
  if (!author || !pending || isKnown) return;
  // Of an agent that is only watched, what nobody asked to see is not looked at here.
  if (!(await isSeated(rt, conversationId, seat)) && !isWatched(state, author) && !author.gates?.length) return;
  const { gateway } = rt.letta.require(server);
  const directory = await readDirectory(rt, gateway, workspaceId, server, pending.calls);
  await commitDecision(rt.ledger, {
    workspaceId,
    conversationId,
    actor: agent,
    decide: (now, ids) => decideForeignCalls(now, seat, directory, ids),
  });
}
