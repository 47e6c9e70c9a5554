import { type TaskCircumstances, toTask } from '@/lib/domain/task/to-task';
import { TaskId, type WorkspaceId } from '@/lib/protocol/ids';
import type { Task, TaskQuery } from '@/lib/protocol/task';
import type { Caller } from '../access/caller';
import { toStoredText } from '../database/stored-text';
import type { Queryable } from '../ledger/command';
import type { Runtime } from '../runtime';
import { TASK_CLOCK } from './commit-task';
import { hasToDoWith, isPrincipals, notFound, worksOn } from './task-scope';

type Row = { record: string; alive_at: Date | null; waiting: number; next_at: Date | null };

const SELECT = `
  SELECT t.record, t.alive_at, d.due_at AS next_at,
    (SELECT count(*)::int FROM task_message m
     WHERE m.workspace_id = t.workspace_id AND m.task_id = t.id AND m.status = 'queued') AS waiting
  FROM task t
  LEFT JOIN deadline d ON d.workspace_id = t.workspace_id AND d.kind = '${TASK_CLOCK}' AND d.subject = t.id::text`;

function toShown({ record, alive_at, waiting, next_at }: Row, now: Date): Task {
  const circumstances: TaskCircumstances = {
    now: now.toISOString(),
    lastAliveAt: alive_at?.toISOString() ?? null,
    waitingMessages: waiting,
    nextAt: next_at?.toISOString() ?? null,
  };
  return toTask(JSON.parse(record), circumstances);
}

/** One task as it stands. @throws AppError `task.not_found`; `auth.forbidden` for an agent's key that has nothing to do with it. */
export async function readTask(rt: Pick<Runtime, 'clock' | 'database'>, caller: Caller, taskId: TaskId): Promise<Task> {
  const { rows } = await rt.database.pool.query<Row>(`${SELECT} WHERE t.workspace_id = $1 AND t.id = $2`, [
    caller.workspaceId,
    taskId,
  ]);
  const [row] = rows;
  if (!row || !hasToDoWith(caller, JSON.parse(row.record))) throw notFound(caller, taskId);
  return toShown(row, rt.clock.now());
}

/** How these tasks stand; those that are not there are left out. */
export async function readTasksById(
  db: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
  now: Date,
): Promise<Task[]> {
  const { rows } = await db.query<Row>(`${SELECT} WHERE t.workspace_id = $1 AND t.id = ANY ($2::uuid[])`, [
    workspaceId,
    ids,
  ]);
  return rows.map((row) => toShown(row, now));
}

/** Position in the list: when the last item was made, and its id. */
export type TaskCursor = { createdAt: string; id: string };

/** Tasks, newest first. */
export async function listTasks(
  rt: Pick<Runtime, 'clock' | 'database'>,
  workspaceId: WorkspaceId,
  { state, principal, runner, parent, q, limit }: Omit<TaskQuery, 'after'>,
  after: TaskCursor | null,
): Promise<{ items: Task[]; next: TaskCursor | null }> {
  const { rows } = await rt.database.pool.query<Row>(
    `${SELECT} WHERE t.workspace_id = $1 AND ($2::timestamptz IS NULL OR (t.created_at, t.id) < ($2, $3::uuid))
       AND ($4::text[] IS NULL OR t.state = ANY ($4)) AND ($5::text IS NULL OR t.principal_id = $5)
       AND ($6::text IS NULL OR t.runner = $6) AND ($7::uuid IS NULL OR t.parent_id = $7)
       AND ($8::text IS NULL OR strpos(lower(t.command), lower($8)) > 0)
     ORDER BY t.created_at DESC, t.id DESC LIMIT $9`,
    [
      workspaceId,
      after?.createdAt ?? null,
      after?.id ?? null,
      state ?? null,
      principal ?? null,
      runner ?? null,
      parent ?? null,
      q === undefined ? null : toStoredText(q),
      limit + 1,
    ],
  );
  const now = rt.clock.now();
  const items = rows.slice(0, limit).map((row) => toShown(row, now));
  const last = items.at(-1);
  return { items, next: rows.length > limit && last ? { createdAt: last.createdAt, id: last.id } : null };
}

/** Whether an agent's key works on a task, or speaks for who gave or holds it. */
export async function isOwnTask(db: Queryable, caller: Caller, id: string): Promise<boolean> {
  const taskId = TaskId.safeParse(id);
  if (!taskId.success) return false;
  const { rows } = await db.query<{ record: string }>('SELECT record FROM task WHERE workspace_id = $1 AND id = $2', [
    caller.workspaceId,
    taskId.data,
  ]);
  return rows
    .map(({ record }) => JSON.parse(record))
    .some((task) => worksOn(caller, task) || isPrincipals(caller, task));
}

/** Whether a caller may read of a task. @throws AppError as readTask. */
export async function requireTask(db: Queryable, caller: Caller, taskId: TaskId): Promise<void> {
  const { rows } = await db.query<{ record: string }>('SELECT record FROM task WHERE workspace_id = $1 AND id = $2', [
    caller.workspaceId,
    taskId,
  ]);
  const [row] = rows;
  if (!row || !hasToDoWith(caller, JSON.parse(row.record))) throw notFound(caller, taskId);
}
