import type { StandingRule } from '@/lib/protocol/draft';
import { AgentId, ServerName, type WorkspaceId } from '@/lib/protocol/ids';
import { NEEDS_GATES } from '../conversations/gate-lock';
import { releaseEffect } from '../conversations/release-gates';
import { setGatesAhead } from '../conversations/set-gates';
import type { Effect, Queryable } from '../ledger/command';
import type { Runtime } from '../runtime';

type Row = { server: string; agent_id: string };

const toAgent = (workspaceId: WorkspaceId, row: Row) => ({
  workspaceId,
  server: ServerName.parse(row.server),
  agentId: AgentId.parse(row.agent_id),
});

/** A rule that asks holds from now on, also where Letta delivers. */
export async function gateForRule(rt: Runtime, workspaceId: WorkspaceId, { effect }: Pick<StandingRule, 'effect'>) {
  if (effect !== 'ask') return;
  const { rows } = await rt.database.pool.query<Row>(
    `SELECT DISTINCT s.server, s.agent_id FROM seat s
     JOIN conversation c ON c.workspace_id = s.workspace_id AND c.id = s.conversation_id
     WHERE s.workspace_id = $1 AND NOT s.gated AND c.conveyance <> 'tool' AND ${NEEDS_GATES}`,
    [workspaceId],
  );
  await setGatesAhead(
    rt,
    rows.map((row) => toAgent(workspaceId, row)),
  );
}

/** The jobs that set tools back which stop only for a rule that has ended; whether something else needs them is asked there. */
export async function releasesOfRules(
  db: Queryable,
  workspaceId: WorkspaceId,
  why: 'rule_revoked' | 'rule_expired',
): Promise<Effect[]> {
  const { rows } = await db.query<Row>(
    `SELECT DISTINCT s.server, s.agent_id FROM seat s
     JOIN conversation c ON c.workspace_id = s.workspace_id AND c.id = s.conversation_id
     WHERE s.workspace_id = $1 AND s.gated AND c.conveyance <> 'tool'`,
    [workspaceId],
  );
  return rows.map((row) => releaseEffect({ ...toAgent(workspaceId, row), why }));
}
