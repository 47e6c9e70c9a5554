import { checkCompliance } from '@/lib/domain/task/check-compliance';
import { displayTask } from '@/lib/domain/task/display-task';
import { toTask } from '@/lib/domain/task/to-task';
import type { TaskId } from '@/lib/protocol/ids';
import type { TaskCompliance } from '@/lib/protocol/task';
import type { Caller } from '../access/caller';
import type { Clock } from '../clock';
import type { Queryable } from '../ledger/command';
import type { Runtime } from '../runtime';
import { foldFacts, readTaskFacts } from './read-task-facts';
import { requireTask } from './read-tasks';
import { notFound } from './task-scope';

/** The displays of seed 001 for a task as it stands. @throws AppError as readTask. */
export async function showTask(
  { db, clock }: { db: Queryable; clock: Clock },
  caller: Caller,
  taskId: TaskId,
  format: 'text' | 'ansi',
): Promise<string> {
  await requireTask(db, caller, taskId);
  const facts = await readTaskFacts(db, caller.workspaceId, taskId);
  const record = foldFacts(facts);
  if (!record) throw notFound(caller, taskId);
  const now = clock.now().toISOString();
  const task = toTask(record, { now, lastAliveAt: null, waitingMessages: 0 });
  const { score } = checkCompliance(facts);
  const duration = record.completion?.duration ?? null;
  return displayTask(task, { now, duration, efficiency: task.endedAt === null ? null : score }, format);
}

/** How a task keeps P55 and P56. @throws AppError as readTask. */
export async function readCompliance(
  rt: Pick<Runtime, 'database'>,
  caller: Caller,
  taskId: TaskId,
): Promise<TaskCompliance> {
  const { pool } = rt.database;
  await requireTask(pool, caller, taskId);
  return checkCompliance(await readTaskFacts(pool, caller.workspaceId, taskId));
}
