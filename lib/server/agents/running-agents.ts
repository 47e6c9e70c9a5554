import type { WorkspaceId } from '@/lib/protocol/ids';
import type { Queryable } from '../ledger/command';

/** Ids of the agents of which Parley has a turn under way. */
export async function runningAgents(db: Queryable, workspaceId: WorkspaceId): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ agent_id: string }>(
    `SELECT DISTINCT agent_id FROM turn WHERE workspace_id = $1 AND state = 'started'`,
    [workspaceId],
  );
  return new Set(rows.map((row) => row.agent_id));
}
