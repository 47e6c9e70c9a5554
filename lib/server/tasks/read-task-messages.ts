import { TaskId, type WorkspaceId } from '@/lib/protocol/ids';
import type { JsonValue } from '@/lib/protocol/json';
import type { TaskMessage } from '@/lib/protocol/task';
import type { Queryable } from '../ledger/command';

type Row = {
  id: string;
  task_id: string;
  position: number;
  words: string;
  message: string;
  status: TaskMessage['status'];
  delivery: TaskMessage['delivery'];
  redelivered: boolean;
  created_at: Date;
  delivered_at: Date | null;
  acknowledged_at: Date | null;
  expires_at: Date | null;
};

const COLUMNS = `id, task_id, position::float8 AS position, words, message, status, delivery, redelivered, created_at, delivered_at,
  acknowledged_at, expires_at`;

function toTaskMessage(row: Row): TaskMessage {
  const words: { from: string; kind: string; content: string; metadata: JsonValue | null } = JSON.parse(row.words);
  return {
    messageId: row.id,
    taskId: TaskId.parse(row.task_id),
    ...words,
    message: JSON.parse(row.message),
    status: row.status,
    delivery: row.delivery,
    redelivered: row.redelivered,
    createdAt: row.created_at.toISOString(),
    deliveredAt: row.delivered_at?.toISOString() ?? null,
    acknowledgedAt: row.acknowledged_at?.toISOString() ?? null,
    expiresAt: row.expires_at?.toISOString() ?? null,
  };
}

/** The queue of a task with its receipts, oldest first; `after` is a position. */
export async function listTaskMessages(
  db: Queryable,
  workspaceId: WorkspaceId,
  taskId: TaskId,
  { after, limit }: { after: number; limit: number },
): Promise<{ items: TaskMessage[]; next: number | null }> {
  const { rows } = await db.query<Row>(
    `SELECT ${COLUMNS} FROM task_message WHERE workspace_id = $1 AND task_id = $2 AND position > $3
     ORDER BY position LIMIT $4`,
    [workspaceId, taskId, after, limit + 1],
  );
  const shown = rows.slice(0, limit);
  return { items: shown.map(toTaskMessage), next: rows.length > limit ? (shown.at(-1)?.position ?? null) : null };
}

/** Messages by their ids, oldest first. */
export async function findTaskMessages(
  db: Queryable,
  workspaceId: WorkspaceId,
  messageIds: readonly string[],
): Promise<TaskMessage[]> {
  const { rows } = await db.query<Row>(
    `SELECT ${COLUMNS} FROM task_message WHERE workspace_id = $1 AND id = ANY ($2::uuid[]) ORDER BY position`,
    [workspaceId, messageIds],
  );
  return rows.map(toTaskMessage);
}
