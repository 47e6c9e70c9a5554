import { decideEdge } from '@/lib/domain/conversation/decide-edge';
import type { Edge } from '@/lib/protocol/conversation';
import type { ConversationId } from '@/lib/protocol/ids';
import type { Caller } from '../access/caller';
import type { IdempotencyKey } from '../ledger/command';
import type { Runtime } from '../runtime';
import { commitDecision } from './commit-decision';
import { loadConversation } from './load-conversation';
import { setGatesAhead } from './set-gates';

/** Sets how messages pass from one seat to another; it holds for the next one. Resolves with the edge. */
export async function setEdge(
  rt: Runtime,
  caller: Caller,
  conversationId: ConversationId,
  edge: Edge,
  idempotency?: IdempotencyKey,
): Promise<Edge> {
  await commitDecision(rt.ledger, {
    workspaceId: caller.workspaceId,
    conversationId,
    actor: caller.actor,
    decide: (state) => decideEdge(state, edge),
    idempotency,
    toAnswer: () => edge,
  });
  await gateAuthor(rt, caller, conversationId, edge);
  return edge;
}

/** Where Letta delivers, calls stop from now on. */
async function gateAuthor(rt: Runtime, { workspaceId }: Caller, conversationId: ConversationId, edge: Edge) {
  if (edge.mode === 'pass') return;
  const { server, seats } = await loadConversation(rt.database.pool, workspaceId, conversationId);
  const authors = seats.filter(({ id }) => id === edge.from);
  await setGatesAhead(
    rt,
    authors.map(({ agentId }) => ({ workspaceId, server, agentId })),
  );
}
