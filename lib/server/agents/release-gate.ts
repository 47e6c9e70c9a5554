import type { AgentGate } from '@/lib/protocol/agent';
import { AppError } from '@/lib/protocol/errors';
import type { AgentId } from '@/lib/protocol/ids';
import { fleetStream } from '@/lib/protocol/stream';
import type { Caller } from '../access/caller';
import { NEEDS_GATES, withGateLock } from '../conversations/gate-lock';
import type { Runtime } from '../runtime';
import { requireAgent } from './require-agent';

/**
 * Has the calls of one tool of an agent no longer stop in Letta, whoever made them stop; what waits already waits on.
 * Throws `gate.not_found`, and `gate.needed` where a conversation that is open carries or holds these calls.
 */
export async function releaseGate(rt: Runtime, caller: Caller, agentId: AgentId, tool: string): Promise<AgentGate> {
  const { server, gateway } = await requireAgent(rt, agentId);
  const { workspaceId } = caller;
  const key = [workspaceId, server.name, agentId];
  return withGateLock(rt.database.pool, { workspaceId, server: server.name, agentId }, async () => {
    const agent = await gateway.findAgent(agentId);
    if (!agent?.approvalTools.includes(tool)) {
      throw new AppError('gate.not_found', `Calls of ${tool} do not stop in Letta.`);
    }
    const isOurs = await isGatedByParley(rt, key, tool);
    if (isOurs) await refuseWhereNeeded(rt, key);
    await gateway.setApproval(agentId, tool, false);
    await rt.ledger.append({
      workspaceId,
      actor: caller.actor,
      load: async () => null,
      decide: () => ({
        ok: true,
        entries: [
          {
            stream: fleetStream,
            type: 'agent.released' as const,
            payload: { agentId, server: server.name, tools: [tool], why: 'by_hand' as const },
          },
        ],
        write: async (db) => {
          await db.query('DELETE FROM gate WHERE workspace_id = $1 AND server = $2 AND agent_id = $3 AND tool = $4', [
            ...key,
            tool,
          ]);
        },
        answer: () => null,
      }),
    });
    return { agentId, server: server.name, tool, by: isOurs ? 'parley' : 'somebody else' };
  });
}

async function isGatedByParley(rt: Runtime, key: readonly string[], tool: string): Promise<boolean> {
  const { rows } = await rt.database.pool.query(
    'SELECT 1 FROM gate WHERE workspace_id = $1 AND server = $2 AND agent_id = $3 AND tool = $4',
    [...key, tool],
  );
  return rows.length > 0;
}

async function refuseWhereNeeded(rt: Runtime, key: readonly string[]): Promise<void> {
  const { rows } = await rt.database.pool.query<{ title: string }>(
    `SELECT c.title FROM seat s JOIN conversation c ON c.workspace_id = s.workspace_id AND c.id = s.conversation_id
     WHERE s.workspace_id = $1 AND s.server = $2 AND s.agent_id = $3 AND ${NEEDS_GATES} LIMIT 1`,
    [...key],
  );
  const [needing] = rows;
  if (!needing) return;
  throw new AppError(
    'gate.needed',
    `“${needing.title}” needs these calls to stop at Parley: set its edge to pass, or stop it.`,
  );
}
