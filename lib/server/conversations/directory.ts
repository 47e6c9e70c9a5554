import type { Directory } from '@/lib/domain/conversation/carry-message';
import { isTagged, messagingCall } from '@/lib/domain/conversation/messaging-call';
import type { AgentId, ServerName, WorkspaceId } from '@/lib/protocol/ids';
import type { ToolCall } from '@/lib/protocol/message';
import type { Gateway } from '../letta/gateway';
import type { Runtime } from '../runtime';

/** Looks up the agents that these calls name, before anything is decided about them. */
export async function readDirectory(
  rt: Runtime,
  gateway: Gateway,
  workspaceId: WorkspaceId,
  server: ServerName,
  calls: readonly ToolCall[],
): Promise<Directory> {
  const targets = calls.flatMap((call) => {
    const parsed = messagingCall(call);
    return parsed?.ok ? [parsed.target] : [];
  });
  const agents = new Map<AgentId, { name: string; tags: string[]; seatedElsewhere: boolean } | null>();
  if (targets.some((target) => 'matchAll' in target)) {
    for (const agent of await gateway.listAgents()) agents.set(agent.id, { ...agent, seatedElsewhere: false });
  }
  for (const target of targets) {
    if (!('agentId' in target) || agents.has(target.agentId)) continue;
    const agent = await gateway.findAgent(target.agentId);
    agents.set(target.agentId, agent ? { ...agent, seatedElsewhere: false } : null);
  }
  const { rows } = await rt.database.pool.query<{ agent_id: string }>(
    'SELECT agent_id FROM seat WHERE workspace_id = $1 AND server = $2 AND agent_id = ANY($3::text[]) AND taken',
    [workspaceId, server, [...agents.keys()]],
  );
  const seated = new Set(rows.map((row) => row.agent_id));
  for (const [agentId, agent] of agents)
    if (agent && seated.has(agentId)) agents.set(agentId, { ...agent, seatedElsewhere: true });
  return {
    agents,
    tagged: (matchAll, matchSome) =>
      [...agents].flatMap(([agentId, agent]) => (agent && isTagged(agent.tags, matchAll, matchSome) ? [agentId] : [])),
  };
}
