import type { Agent, ChangeAgent } from '@/lib/protocol/agent';
import type { AgentId } from '@/lib/protocol/ids';
import { fleetStream } from '@/lib/protocol/stream';
import type { Caller } from '../access/caller';
import { noteMemoryOf, regateAgent, stopConversationsOf } from '../conversations/agent-seats';
import { renameSeats } from '../conversations/rename-seats';
import type { Runtime } from '../runtime';
import { requireAgent } from './require-agent';
import { isOwnTag, toAgent } from './to-agent';

/** Changes an agent in Letta. Blocks that are not named stay as they are; `tools` and `tags` are the whole lists. */
export async function changeAgent(rt: Runtime, caller: Caller, agentId: AgentId, change: ChangeAgent): Promise<Agent> {
  const { agent, server, gateway } = await requireAgent(rt, agentId);
  const own = agent.tags.filter(isOwnTag);
  const tags = change.tags ? { tags: [...change.tags, ...own] } : {};
  const changed = await gateway.changeAgent(agentId, { ...change, ...tags });
  await rt.ledger.record(caller.workspaceId, caller.actor, [
    { stream: fleetStream, type: 'agent.changed', payload: { ...change, agentId, server: server.name } },
  ]);
  const seated = { workspaceId: caller.workspaceId, server: server.name, agentId };
  await regateAgent(rt, seated);
  await renameSeats(rt, caller.actor, seated, changed.name);
  if (change.blocks) await noteMemoryOf(rt, caller.actor, seated, changed.blocks);
  return toAgent(changed, server, false);
}

/** Deletes an agent in Letta, with its memory. The conversations in which it sits are stopped. */
export async function deleteAgent(rt: Runtime, caller: Caller, agentId: AgentId): Promise<Agent> {
  const { agent, server, gateway } = await requireAgent(rt, agentId);
  await gateway.deleteAgent(agentId);
  await rt.ledger.record(caller.workspaceId, caller.actor, [
    { stream: fleetStream, type: 'agent.removed', payload: { agentId, server: server.name, name: agent.name } },
  ]);
  await stopConversationsOf(rt, caller.workspaceId, server.name, agentId, agent.name);
  return toAgent(agent, server, false);
}
