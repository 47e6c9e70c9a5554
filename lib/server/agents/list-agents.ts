import type { Agent, Model } from '@/lib/protocol/agent';
import type { AgentId } from '@/lib/protocol/ids';
import type { Caller } from '../access/caller';
import { observedServers } from '../letta/observed-servers';
import type { Runtime } from '../runtime';
import { onConnected } from './on-connected';
import { requireAgent } from './require-agent';
import { runningAgents } from './running-agents';
import { toAgent } from './to-agent';

/** Agents of all connected servers, by name. A server that is away contributes none; its state says why. */
export async function listAgents(rt: Runtime, caller: Caller): Promise<Agent[]> {
  const running = await runningAgents(rt.database.prisma, caller.workspaceId);
  const lists = await onConnected(
    rt,
    async (gateway, server) =>
      (await gateway.listAgents()).map((agent) => toAgent(agent, server, running.has(agent.id))),
    observedServers(rt.letta),
  );
  return lists.flat().sort((one, other) => compareInList(positionInList(one), positionInList(other)));
}

/** Where an agent stands in the list: by name, then by what tells it apart. */
export type AgentPosition = [name: string, id: string, server: string];

export const positionInList = ({ name, id, server }: Agent): AgentPosition => [name, id, server];

export function compareInList(one: AgentPosition, other: AgentPosition): number {
  const [name, id, server] = one;
  return name.localeCompare(other[0]) || id.localeCompare(other[1]) || server.localeCompare(other[2]);
}

export async function getAgent(rt: Runtime, caller: Caller, agentId: AgentId): Promise<Agent> {
  const { agent, server } = await requireAgent(rt, agentId);
  const running = await runningAgents(rt.database.prisma, caller.workspaceId);
  return toAgent(agent, server, running.has(agent.id));
}

/** Models that the connected servers offer. */
export async function listModels(rt: Runtime): Promise<Model[]> {
  const lists = await onConnected(rt, async (gateway, server) =>
    (await gateway.listModels()).map((model) => ({ ...model, server: server.name })),
  );
  return lists.flat();
}
