import type { TaskRecord } from '@/lib/domain/task/task-record';
import type { TaskId, WorkspaceId } from '@/lib/protocol/ids';
import type { Queryable } from '../ledger/command';

/** A task as its stream has told it so far; null where there is none. */
export async function findTaskRecord(
  db: Queryable,
  workspaceId: WorkspaceId,
  taskId: TaskId,
): Promise<TaskRecord | null> {
  const { rows } = await db.query<{ record: string }>('SELECT record FROM task WHERE workspace_id = $1 AND id = $2', [
    workspaceId,
    taskId,
  ]);
  return rows[0] ? JSON.parse(rows[0].record) : null;
}
