import type { AgentGate } from '@/lib/protocol/agent';
import { AgentId, ServerName } from '@/lib/protocol/ids';
import type { Caller } from '../access/caller';
import { observedServers } from '../letta/observed-servers';
import type { Runtime } from '../runtime';
import { onConnected } from './on-connected';

/** Every tool whose calls stop in Letta, of all agents of the connected servers; one request a server. */
export async function listGates(rt: Runtime, caller: Caller): Promise<AgentGate[]> {
  const { rows } = await rt.database.pool.query<{ server: string; agent_id: string; tool: string }>(
    'SELECT server, agent_id, tool FROM gate WHERE workspace_id = $1',
    [caller.workspaceId],
  );
  const ours = new Set(rows.map((row) => keyOf(ServerName.parse(row.server), AgentId.parse(row.agent_id), row.tool)));
  const lists = await onConnected(
    rt,
    async (gateway, { name: server }) =>
      (await gateway.listAgents()).flatMap(({ id: agentId, approvalTools }) =>
        approvalTools.map((tool): AgentGate => {
          const by = ours.has(keyOf(server, agentId, tool)) ? 'parley' : 'somebody else';
          return { agentId, server, tool, by };
        }),
      ),
    observedServers(rt.letta),
  );
  return lists.flat();
}

const keyOf = (server: ServerName, agentId: AgentId, tool: string) => JSON.stringify([server, agentId, tool]);
