import { z } from 'zod';
import { decideStop } from '@/lib/domain/conversation/decide-stop';
import { system } from '@/lib/protocol/actor';
import { AgentId, ConversationId, ServerName, WorkspaceId } from '@/lib/protocol/ids';
import type { Task } from '../jobs';
import type { Effect } from '../ledger/command';
import type { Runtime } from '../runtime';
import { commitDecision } from './commit-decision';

const Yield = z.object({
  workspaceId: WorkspaceId,
  server: ServerName,
  agentIds: z.array(AgentId),
  openedAs: ConversationId,
});
type Yield = z.infer<typeof Yield>;

/** Stands in the transaction that opens: a program that stops right after it still has the others yield. */
export const yieldEffect = (payload: Yield): Effect => ({
  task: 'conversation.yield',
  payload,
  queue: `conversation.yield:${payload.openedAs}`,
});

export const yieldObserved = (rt: Runtime): Task<typeof Yield> => ({
  name: 'conversation.yield',
  payload: Yield,
  run: (opened) => yieldConversations(rt, opened),
});

/** Stops conversations that are only watched, and whose agents all sit in the one just opened: all is told there. */
export async function yieldConversations(
  rt: Runtime,
  { workspaceId, server, agentIds, openedAs }: Yield,
): Promise<void> {
  const { rows } = await rt.database.pool.query<{ id: string }>(
    `SELECT c.id FROM conversation c WHERE c.workspace_id = $1 AND c.server = $2 AND c.observed AND c.phase <> 'stopped'
       AND c.id <> $4::uuid AND NOT EXISTS (
         SELECT 1 FROM seat s WHERE s.workspace_id = c.workspace_id AND s.conversation_id = c.id
           AND NOT (s.agent_id = ANY($3::text[]) AND s.thread_key = ''))`,
    [workspaceId, server, agentIds, openedAs],
  );
  const stop = { why: 'yielded' as const, reason: 'Its agents sit in a conversation that a person has opened.' };
  for (const { id } of rows) {
    await commitDecision(rt.ledger, {
      workspaceId,
      conversationId: ConversationId.parse(id),
      actor: system,
      decide: (state, ids) => decideStop(state, stop, ids),
    });
  }
}
