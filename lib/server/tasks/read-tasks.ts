import { z } from 'zod';
import { type TaskCircumstances, toTask } from '@/lib/domain/task/to-task';
import { TaskId, type WorkspaceId } from '@/lib/protocol/ids';
import type { Page } from '@/lib/protocol/page';
import type { Task, TaskQuery } from '@/lib/protocol/task';
import { Instant } from '@/lib/protocol/text';
import type { Caller } from '../access/caller';
import { toStoredText } from '../database/stored-text';
import { decodeCursor, pageOfRows } from '../http/cursor';
import type { Queryable } from '../ledger/command';
import type { Runtime } from '../runtime';
import { TASK_CLOCK } from './commit-task';
import { findTaskRecord } from './find-task-record';
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

const Position = z.tuple([Instant, z.uuid()]);

/** Tasks, newest first. */
export async function listTasks(
  rt: Pick<Runtime, 'clock' | 'database'>,
  workspaceId: WorkspaceId,
  { state, principal, runner, parent, q, after, limit }: TaskQuery,
): Promise<Page<Task>> {
  const [createdAt, id] = decodeCursor(Position, after) ?? [null, null];
  const { rows } = await rt.database.pool.query<Row>(
    `${SELECT} WHERE t.workspace_id = $1 AND ($2::timestamptz IS NULL OR (t.created_at, t.id) < ($2, $3::uuid))
       AND ($4::text[] IS NULL OR t.state = ANY ($4)) AND ($5::text IS NULL OR t.principal_id = $5)
       AND ($6::text IS NULL OR t.runner = $6) AND ($7::uuid IS NULL OR t.parent_id = $7)
       AND ($8::text IS NULL OR strpos(lower(t.command), lower($8)) > 0)
     ORDER BY t.created_at DESC, t.id DESC LIMIT $9`,
    [
      ...[workspaceId, createdAt, id, state ?? null, principal ?? null, runner ?? null, parent ?? null],
      ...[q === undefined ? null : toStoredText(q), limit + 1],
    ],
  );
  const now = rt.clock.now();
  const found = rows.map((row) => toShown(row, now));
  return pageOfRows(
    found,
    limit,
    (task) => task,
    (task) => [task.createdAt, task.id],
  );
}

/** Whether an agent's key works on a task, or speaks for who gave or holds it. */
export async function isOwnTask(db: Queryable, caller: Caller, id: string): Promise<boolean> {
  const taskId = TaskId.safeParse(id);
  const record = taskId.success ? await findTaskRecord(db, caller.workspaceId, taskId.data) : null;
  return record !== null && (worksOn(caller, record) || isPrincipals(caller, record));
}

/** Whether a caller may read of a task. @throws AppError as readTask. */
export async function requireTask(db: Queryable, caller: Caller, taskId: TaskId): Promise<void> {
  const record = await findTaskRecord(db, caller.workspaceId, taskId);
  if (!record || !hasToDoWith(caller, record)) throw notFound(caller, taskId);
}
