import { decideStop } from '@/lib/domain/conversation/decide-stop';
import { system } from '@/lib/protocol/actor';
import { type AgentId, ConversationId, type ServerName, type WorkspaceId } from '@/lib/protocol/ids';
import type { Runtime } from '../runtime';
import { commitDecision } from './commit-decision';
import type { GatedAgent } from './gate-lock';
import { setGates } from './set-gates';

/** Gates messaging tools that an agent has got while it sits in a conversation in which Parley carries the calls. */
export async function regateAgent(rt: Runtime, agent: GatedAgent): Promise<void> {
  const { workspaceId, server, agentId } = agent;
  await rt.database.pool.query(
    'UPDATE seat SET gated = false WHERE workspace_id = $1 AND server = $2 AND agent_id = $3 AND taken',
    [workspaceId, server, agentId],
  );
  await setGates(rt, agent);
}

/** Stops the conversations in which an agent sat that is gone. */
export async function stopConversationsOf(
  rt: Runtime,
  workspaceId: WorkspaceId,
  server: ServerName,
  agentId: AgentId,
  name: string,
): Promise<void> {
  const { rows } = await rt.database.pool.query<{ conversation_id: string }>(
    'SELECT DISTINCT conversation_id FROM seat WHERE workspace_id = $1 AND server = $2 AND agent_id = $3 AND taken',
    [workspaceId, server, agentId],
  );
  for (const row of rows) {
    await commitDecision(rt.ledger, {
      workspaceId,
      conversationId: ConversationId.parse(row.conversation_id),
      actor: system,
      decide: (state, ids) => decideStop(state, { why: 'agent_deleted', reason: `${name} was deleted.` }, ids),
    });
  }
}
