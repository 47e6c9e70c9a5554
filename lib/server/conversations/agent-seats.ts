import { decideStop } from '@/lib/domain/conversation/decide-stop';
import { type Actor, system } from '@/lib/protocol/actor';
import type { Block } from '@/lib/protocol/agent';
import type { AgentId, ServerName, WorkspaceId } from '@/lib/protocol/ids';
import type { Runtime } from '../runtime';
import { commitDecision } from './commit-decision';
import type { GatedAgent } from './gate-lock';
import { type MemoryChange, noteMemory } from './note-memory';
import { openSeatsOf } from './open-seats-of';
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

/**
 * Tells changes of an agent's memory in the open conversations that show it, as the deed of whoever made them. Resolves
 * with what was new.
 */
export async function noteMemoryOf(
  rt: Runtime,
  actor: Actor,
  agent: GatedAgent,
  blocks: readonly Block[],
): Promise<MemoryChange[]> {
  const told: MemoryChange[] = [];
  for (const { conversationId, seat } of await openSeatsOf(rt.database.pool, agent)) {
    told.push(
      ...(await noteMemory(rt.ledger, { workspaceId: agent.workspaceId, conversationId, seat }, actor, blocks)),
    );
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
  for (const { conversationId } of await openSeatsOf(rt.database.pool, { workspaceId, server, agentId })) {
    await commitDecision(rt.ledger, {
      workspaceId,
      conversationId,
      actor: system,
      decide: (state, ids) => decideStop(state, { why: 'agent_deleted', reason: `${name} was deleted.` }, ids, agentId),
    });
  }
}
