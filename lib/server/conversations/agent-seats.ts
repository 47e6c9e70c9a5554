import { decideStop } from '@/lib/domain/conversation/decide-stop';
import { type Actor, system } from '@/lib/protocol/actor';
import type { Block } from '@/lib/protocol/agent';
import { type AgentId, ConversationId, SeatId, type ServerName, type WorkspaceId } from '@/lib/protocol/ids';
import type { Runtime } from '../runtime';
import { commitDecision } from './commit-decision';
import type { GatedAgent } from './gate-lock';
import { type MemoryChange, noteMemory } from './note-memory';
import { setGates } from './set-gates';

/** Gates messaging tools that an agent has got, or whose gate was taken off, while a conversation needs its calls to stop. */
export async function regateAgent(rt: Runtime, agent: GatedAgent): Promise<void> {
  const { workspaceId, server, agentId } = agent;
  await rt.database.pool.query(
    'UPDATE seat SET gated = false WHERE workspace_id = $1 AND server = $2 AND agent_id = $3 AND taken',
    [workspaceId, server, agentId],
  );
  await setGates(rt, agent, { anew: true });
}

/** Tells changes of an agent's memory in the open conversations that show it, as the deed of whoever made them. Resolves with what was new. */
export async function noteMemoryOf(
  rt: Runtime,
  actor: Actor,
  agent: GatedAgent,
  blocks: readonly Block[],
): Promise<MemoryChange[]> {
  const { workspaceId, server, agentId } = agent;
  const { rows } = await rt.database.pool.query<{ conversation_id: string; seat: string }>(
    `SELECT s.conversation_id, s.seat FROM seat s
     JOIN conversation c ON c.workspace_id = s.workspace_id AND c.id = s.conversation_id
     WHERE s.workspace_id = $1 AND s.server = $2 AND s.agent_id = $3 AND c.phase <> 'stopped'`,
    [workspaceId, server, agentId],
  );
  const told: MemoryChange[] = [];
  for (const row of rows) {
    const key = {
      workspaceId,
      conversationId: ConversationId.parse(row.conversation_id),
      seat: SeatId.parse(row.seat),
    };
    told.push(...(await noteMemory(rt.ledger, key, actor, blocks)));
  }
  return told;
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
    `SELECT DISTINCT s.conversation_id FROM seat s
     JOIN conversation c ON c.workspace_id = s.workspace_id AND c.id = s.conversation_id
     WHERE s.workspace_id = $1 AND s.server = $2 AND s.agent_id = $3 AND c.phase <> 'stopped'`,
    [workspaceId, server, agentId],
  );
  for (const row of rows) {
    await commitDecision(rt.ledger, {
      workspaceId,
      conversationId: ConversationId.parse(row.conversation_id),
      actor: system,
      decide: (state, ids) => decideStop(state, { why: 'agent_deleted', reason: `${name} was deleted.` }, ids, agentId),
    });
  }
}
