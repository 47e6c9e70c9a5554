import { TaskId, type WorkspaceId } from '@/lib/protocol/ids';
import { uuidArray } from '../database/binary-array';
import type { Queryable } from '../ledger/command';

/** Those of these tasks for which messages wait that nobody was handed. */
export async function findWaitingTasks(
  db: Queryable,
  workspaceId: WorkspaceId,
  taskIds: readonly TaskId[],
): Promise<TaskId[]> {
  const { rows } = await db.query<{ task_id: string }>(
    `SELECT DISTINCT task_id FROM task_message
     WHERE workspace_id = $1 AND task_id = ANY ($2::uuid[]) AND status = 'queued'
       AND (expires_at IS NULL OR expires_at > clock_timestamp())`,
    [workspaceId, uuidArray(taskIds)],
  );
  return rows.map((row) => TaskId.parse(row.task_id));
}
