import { system } from '@/lib/protocol/actor';
import { isMessagingTool } from '@/lib/protocol/messaging-tools';
import { fleetStream } from '@/lib/protocol/stream';
import type { Runtime } from '../runtime';
import { type GatedAgent, NEEDS_GATES, withGateLock } from './gate-lock';

/**
 * Makes calls of an agent's messaging tools stop at Parley where it carries them, or holds what Letta delivers. Before any
 * turn of the agent in a seat; costs one question of the database once it is done. Tools that stopped already are left to
 * whoever made them stop.
 * `anew`: its tools may be others since, or somebody has let their calls go on.
 */
export async function setGates(rt: Runtime, agent: GatedAgent, { anew = false } = {}): Promise<void> {
  if (!(await needsGating(rt, agent, anew))) return;
  await withGateLock(rt.database.pool, agent, async () => {
    if (await needsGating(rt, agent, anew)) await gate(rt, agent);
  });
}

/** The same of several agents that have just come to need it. What fails here is done before the agent's next turn. */
export async function setGatesAhead(rt: Runtime, agents: readonly GatedAgent[]): Promise<void> {
  for (const agent of agents) {
    try {
      await setGates(rt, agent);
    } catch (err) {
      rt.log.warn({ err, ...agent }, 'the tools of an agent could not be gated; its next turn does it');
    }
  }
}

async function needsGating(rt: Runtime, { workspaceId, server, agentId }: GatedAgent, anew: boolean): Promise<boolean> {
  const { rows } = await rt.database.pool.query(
    `SELECT 1 FROM seat s JOIN conversation c ON c.workspace_id = s.workspace_id AND c.id = s.conversation_id
     WHERE s.workspace_id = $1 AND s.server = $2 AND s.agent_id = $3 AND ($4 OR NOT s.gated) AND ${NEEDS_GATES} LIMIT 1`,
    [workspaceId, server, agentId, anew],
  );
  return rows.length > 0;
}

async function gate(rt: Runtime, { workspaceId, server, agentId }: GatedAgent): Promise<void> {
  const { gateway } = rt.letta.require(server);
  const agent = await gateway.findAgent(agentId);
  const key = [workspaceId, server, agentId];
  const ours = await rt.database.pool.query<{ tool: string }>(
    'SELECT tool FROM gate WHERE workspace_id = $1 AND server = $2 AND agent_id = $3',
    key,
  );
  const known = new Set(ours.rows.map((row) => row.tool));
  const tools = (agent?.tools ?? []).filter(
    (tool) => isMessagingTool(tool) && (known.has(tool) || !agent?.approvalTools.includes(tool)),
  );
  const fresh = tools.filter((tool) => !known.has(tool));
  // Remembered before the engine is asked: whatever is gated can be set back.
  await rt.ledger.append({
    workspaceId,
    actor: system,
    load: async () => null,
    decide: () => ({
      ok: true,
      entries:
        fresh.length > 0
          ? [{ stream: fleetStream, type: 'agent.gated' as const, payload: { agentId, server, tools: fresh } }]
          : [],
      write: async (db) => {
        await db.query(
          `INSERT INTO gate (workspace_id, server, agent_id, tool) SELECT $1, $2, $3, unnest($4::text[]) ON CONFLICT DO NOTHING`,
          [...key, fresh],
        );
      },
      answer: () => null,
    }),
  });
  for (const tool of tools) await gateway.setApproval(agentId, tool, true);
  await rt.database.pool.query(
    `UPDATE seat s SET gated = true FROM conversation c WHERE c.workspace_id = s.workspace_id AND c.id = s.conversation_id
       AND s.workspace_id = $1 AND s.server = $2 AND s.agent_id = $3 AND ${NEEDS_GATES}`,
    key,
  );
}
