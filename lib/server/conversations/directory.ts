import { z } from 'zod';
import type { Directory } from '@/lib/domain/conversation/carry-message';
import { isTagged, messagingCall } from '@/lib/domain/conversation/messaging-call';
import { AgentId, type ServerName, type WorkspaceId } from '@/lib/protocol/ids';
import type { ToolCall } from '@/lib/protocol/message';
import type { Gateway } from '../letta/gateway';
import type { Runtime } from '../runtime';

const Seated = z.object({ id: AgentId, name: z.string() });

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
  const named = targets.flatMap((target) => ('agentId' in target ? [target.agentId] : []));
  const seats = await seatedAgents(rt, workspaceId, server, [...agents.keys(), ...named]);
  for (const agentId of named) {
    // Who has a seat is known: the engine, which is about to be given the message, is not kept busy with a question.
    if (agents.has(agentId) || seats.has(agentId)) continue;
    const agent = await gateway.findAgent(agentId);
    agents.set(agentId, agent ? { ...agent, seatedElsewhere: false } : null);
  }
  for (const [agentId, name] of seats) {
    agents.set(agentId, { tags: [], ...agents.get(agentId), name, seatedElsewhere: true });
  }
  return {
    agents,
    tagged: (matchAll, matchSome) =>
      [...agents].flatMap(([agentId, agent]) => (agent && isTagged(agent.tags, matchAll, matchSome) ? [agentId] : [])),
  };
}

/** Those of them who sit in an open conversation, by their names. */
async function seatedAgents(
  rt: Runtime,
  workspaceId: WorkspaceId,
  server: ServerName,
  agentIds: readonly AgentId[],
): Promise<Map<AgentId, string>> {
  const { rows } = await rt.database.pool.query(
    'SELECT agent_id AS id, name FROM seat WHERE workspace_id = $1 AND server = $2 AND agent_id = ANY($3::text[]) AND taken',
    [workspaceId, server, agentIds],
  );
  return new Map(
    z
      .array(Seated)
      .parse(rows)
      .map(({ id, name }) => [id, name]),
  );
}
