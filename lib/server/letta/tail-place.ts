import type { ServerName, WorkspaceId } from '@/lib/protocol/ids';
import type { Queryable } from '../ledger/command';

/** Where the reading of what all agents of a server say stood last, on whatever instance; null where it never began. */
export async function readTailPlace(
  db: Queryable,
  workspaceId: WorkspaceId,
  server: ServerName,
): Promise<string | null> {
  const { rows } = await db.query<{ tail_cursor: string | null }>(
    'SELECT tail_cursor FROM letta_server WHERE workspace_id = $1 AND name = $2',
    [workspaceId, server],
  );
  return rows[0]?.tail_cursor ?? null;
}

/** Remembers it. Of several instances whoever comes last wins: what is told again is recorded once all the same. */
export async function writeTailPlace(
  db: Queryable,
  workspaceId: WorkspaceId,
  server: ServerName,
  cursor: string,
): Promise<void> {
  await db.query('UPDATE letta_server SET tail_cursor = $3 WHERE workspace_id = $1 AND name = $2', [
    ...[workspaceId, server, cursor],
  ]);
}
