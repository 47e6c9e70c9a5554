import { decideStop } from '@/lib/domain/conversation/decide-stop';
import { system } from '@/lib/protocol/actor';
import { AgentId, ConversationId, ServerName, type WorkspaceId } from '@/lib/protocol/ids';
import { commitDecision } from './commit-decision';
import { type Releasing, releaseNow } from './release-gates';

export type ReleasedAgent = { server: string; agentId: string; tools: string[]; error: string | null };

/**
 * Sets every tool back that Parley has gated, as if it had never been there: conversations in which it carries or holds the
 * calls are stopped first. An agent whose server is away is told about and stays for the next try.
 */
export async function releaseEverything(rt: Releasing, workspaceId: WorkspaceId): Promise<ReleasedAgent[]> {
  const open = await rt.database.pool.query<{ id: string }>(
    `SELECT id FROM conversation WHERE workspace_id = $1 AND phase <> 'stopped' AND (conveyance = 'tool' OR EXISTS (
       SELECT 1 FROM jsonb_array_elements(edges) e WHERE e->>'mode' <> 'pass'))`,
    [workspaceId],
  );
  for (const { id } of open.rows) {
    await commitDecision(rt.ledger, {
      workspaceId,
      conversationId: ConversationId.parse(id),
      actor: system,
      decide: (state, ids) =>
        decideStop(state, { why: 'person', reason: 'Released by `parley doctor --release`.' }, ids),
    });
  }
  const gated = await rt.database.pool.query<{ server: string; agent_id: string }>(
    'SELECT DISTINCT server, agent_id FROM gate WHERE workspace_id = $1 ORDER BY server, agent_id',
    [workspaceId],
  );
  const released: ReleasedAgent[] = [];
  for (const row of gated.rows) {
    const [server, agentId] = [ServerName.parse(row.server), AgentId.parse(row.agent_id)];
    try {
      released.push({
        server,
        agentId,
        tools: await releaseNow(rt, { workspaceId, server, agentId, why: 'doctor' }),
        error: null,
      });
    } catch (error) {
      released.push({ server, agentId, tools: [], error: error instanceof Error ? error.message : String(error) });
    }
  }
  return released;
}
