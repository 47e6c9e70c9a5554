import { decideForeignCalls } from '@/lib/domain/conversation/decide-turn';
import type { ServerName } from '@/lib/protocol/ids';
import type { Runtime } from '../runtime';
import { commitDecision } from './commit-decision';
import { readDirectory } from './directory';
import { loadConversation } from './load-conversation';
import type { SeatRef } from './record-messages';

/** Carries messaging calls at which the agent in a seat stands without a turn of ours: nobody else would answer them. */
export async function carryForeignCalls(
  rt: Runtime,
  server: ServerName,
  { workspaceId, conversationId, seat, agent }: SeatRef,
): Promise<void> {
  const state = await loadConversation(rt.database.pool, workspaceId, conversationId);
  const pending = state.seats.find((each) => each.id === seat)?.pending;
  if (!pending || state.openConveyances.some((each) => each.messageId === pending.messageId)) return;
  const { gateway } = rt.letta.require(server);
  const directory = await readDirectory(rt, gateway, workspaceId, server, pending.calls);
  await commitDecision(rt.ledger, {
    workspaceId,
    conversationId,
    actor: agent,
    decide: (now, ids) => decideForeignCalls(now, seat, directory, ids),
  });
}
