import { decideLeaveServer } from '@/lib/domain/conversation/decide-leave-server';
import { AgentId, ConversationId, type ServerName } from '@/lib/protocol/ids';
import type { LettaServer } from '@/lib/protocol/letta-server';
import type { Caller } from '../access/caller';
import { loadLoose } from '../drafts/load-drafts';
import { isDisconnected, withdrawDraft } from '../drafts/withdraw-draft';
import type { Runtime } from '../runtime';
import { commitDecision } from './commit-decision';
import { releaseNow } from './release-gates';

/**
 * Disconnects a Letta server: conversations of its agents are stopped, what waits in the inbox for its other agents is
 * withdrawn, what Parley has gated is set back as far as the server can be reached, and then it is forgotten.
 */
export async function leaveServer(rt: Runtime, caller: Caller, server: ServerName): Promise<LettaServer> {
  rt.letta.requireChangeable(server);
  const { pool } = rt.database;
  const key = [caller.workspaceId, server];
  const open = await pool.query<{ id: string }>(
    `SELECT id FROM conversation c WHERE workspace_id = $1 AND server = $2 AND (phase <> 'stopped' OR EXISTS (
       SELECT 1 FROM turn t WHERE t.workspace_id = $1 AND t.conversation_id = c.id AND t.state <> 'ended'))`,
    key,
  );
  for (const { id } of open.rows) {
    await commitDecision(rt.ledger, {
      workspaceId: caller.workspaceId,
      conversationId: ConversationId.parse(id),
      actor: caller.actor,
      decide: (state, ids) => decideLeaveServer(state, isDisconnected(server), ids),
    });
  }
  const { drafts } = await loadLoose(pool, caller.workspaceId, server);
  for (const draft of drafts) await withdrawDraft(rt, draft, isDisconnected(server));
  const gated = await pool.query<{ agent_id: string }>(
    'SELECT DISTINCT agent_id FROM gate WHERE workspace_id = $1 AND server = $2',
    key,
  );
  for (const row of gated.rows) {
    const agentId = AgentId.parse(row.agent_id);
    await releaseNow(rt, { workspaceId: caller.workspaceId, server, agentId, why: 'server_removed' }).catch(
      (err: unknown) => {
        rt.log.warn(
          { err, server, agentId },
          'the tools of an agent could not be set back; `parley doctor --release` tries again',
        );
      },
    );
  }
  return rt.letta.remove(caller.actor, server);
}
