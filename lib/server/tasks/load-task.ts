import type { OpenMessage, TaskRecord } from '@/lib/domain/task/task-record';
import type { TaskId, WorkspaceId } from '@/lib/protocol/ids';
import type { Queryable } from '../ledger/command';

/** What decisions about a task are made from. `repeats`: the place of the accepted report that has this hash already. */
export type LoadedTask = {
  record: TaskRecord;
  aliveAt: string | null;
  open: OpenMessage[];
  repeats: number | null;
};

type OpenRow = {
  messageId: string;
  status: OpenMessage['status'];
  message: string;
  /** In milliseconds since 1970. */
  expiresAt: number | null;
  pushedAt: number | null;
};

type Row = { record: string; alive_at: Date | null; repeats: number | null; open: OpenRow[] | null };

/** The deadline at which an instruction that nobody fetched expires; its subject is `<taskId>/<messageId>`. */
export const TASK_MESSAGE_EXPIRY = 'task.message_expiry';

const ms = (time: string) => `extract(epoch FROM ${time})::float8 * 1000`;

// Until when it waits is what its deadline says, which goes along with a clock that is set.
const EXPIRES_AT = `CASE WHEN m.expires_at IS NULL THEN NULL ELSE ${ms(`coalesce((SELECT d.due_at FROM deadline d
  WHERE d.workspace_id = m.workspace_id AND d.kind = '${TASK_MESSAGE_EXPIRY}' AND d.subject = m.task_id || '/' || m.id),
  m.expires_at)`)} END`;

// HAZARD: not a named statement. Its plan would be kept from when the tables were small, as a scan of all of them.
const LOAD = `
    SELECT t.record, t.alive_at, r.stream_seq::float8 AS repeats,
      (SELECT json_agg(json_build_object('messageId', m.id, 'status', m.status, 'message', m.message,
                'expiresAt', ${EXPIRES_AT}, 'pushedAt', ${ms('m.pushed_at')}) ORDER BY m.position)
       FROM task_message m
       WHERE m.workspace_id = t.workspace_id AND m.task_id = t.id AND m.status IN ('queued', 'delivered')) AS open
    FROM task t
    LEFT JOIN task_report r ON r.workspace_id = t.workspace_id AND r.task_id = t.id AND r.hash = $3
    WHERE t.workspace_id = $1 AND t.id = $2`;

/** Null where there is no such task. */
export async function loadTask(
  db: Queryable,
  workspaceId: WorkspaceId,
  taskId: TaskId,
  hash: string | null = null,
): Promise<LoadedTask | null> {
  const { rows } = await db.query<Row>(LOAD, [workspaceId, taskId, hash]);
  const [row] = rows;
  if (!row) return null;
  return {
    record: JSON.parse(row.record),
    aliveAt: row.alive_at?.toISOString() ?? null,
    repeats: row.repeats,
    open: (row.open ?? []).map(({ messageId, status, message, expiresAt, pushedAt }) => ({
      messageId,
      status,
      message: JSON.parse(message),
      expiresAt: isoOf(expiresAt),
      pushedAt: isoOf(pushedAt),
    })),
  };
}

const isoOf = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
