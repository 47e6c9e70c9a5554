import { decideStop } from '@/lib/domain/conversation/decide-stop';
import { system } from '@/lib/protocol/actor';
import { type AgentId, ConversationId, type ServerName, type WorkspaceId } from '@/lib/protocol/ids';
import type { EngineAgent } from '../letta/gateway';
import type { Runtime } from '../runtime';
import { commitDecision } from './commit-decision';
import { applyGates, gatedEntry, insertGates, toolsToGate } from './gates';

/** Gates messaging tools that an agent has got while it sits in a conversation in which Parley carries the calls. */
export async function regateAgent(
  rt: Runtime,
  workspaceId: WorkspaceId,
  server: ServerName,
  agent: EngineAgent,
): Promise<void> {
  const { rows } = await rt.database.pool.query(
    `SELECT 1 FROM seat s JOIN conversation c ON c.workspace_id = s.workspace_id AND c.id = s.conversation_id
     WHERE s.workspace_id = $1 AND s.server = $2 AND s.agent_id = $3 AND s.taken AND c.conveyance = 'tool' LIMIT 1`,
    [workspaceId, server, agent.id],
  );
  const tools = toolsToGate(agent);
  if (rows.length === 0 || tools.length === 0) return;
  await rt.ledger.append({
    workspaceId,
    actor: system,
    load: async () => null,
    decide: () => ({
      ok: true,
      entries: [gatedEntry(server, agent.id, tools)],
      write: (db) => insertGates(db, workspaceId, server, agent.id, tools),
      answer: () => null,
    }),
  });
  await applyGates(rt, workspaceId, { server, agentId: agent.id, threadId: null });
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
