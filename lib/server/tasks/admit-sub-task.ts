import { z } from 'zod';
import type { TaskRecord } from '@/lib/domain/task/task-record';
import { AppError } from '@/lib/protocol/errors';
import { TaskId } from '@/lib/protocol/ids';
import { isTaskOver, type NewTask } from '@/lib/protocol/task';
import type { Caller } from '../access/caller';
import type { Queryable } from '../ledger/command';
import type { Runtime } from '../runtime';
import { findTaskRecord } from './find-task-record';
import { worksOn } from './task-scope';

const OfParent = z.object({ parentTaskId: TaskId });

/**
 * Holds an agent's key to sub-tasks of the tasks it works on, before anything else that it sent is looked at.
 * @throws AppError `auth.forbidden`
 */
export async function admitSubTask(rt: Pick<Runtime, 'database'>, caller: Caller, wanted: unknown): Promise<void> {
  if (caller.agentScope === null) return;
  const named = OfParent.safeParse(wanted);
  await requireOwn(rt.database.pool, caller, named.success ? named.data.parentTaskId : undefined);
}

/**
 * The task of which another is to be a part, if of any. An agent divides only work that it has: its parent is a task that
 * it works on and that still goes on, it reports about the part itself, or gives it away, and both are for the same principal.
 * @throws AppError `request.invalid`: there is no such parent; for an agent's key `auth.forbidden`, `task.state`,
 * `task.taken_over`
 */
export async function requireParent(db: Queryable, caller: Caller, wanted: NewTask): Promise<TaskRecord | null> {
  const { parentTaskId, runner, principal } = wanted;
  if (caller.agentScope === null) {
    if (parentTaskId === undefined) return null;
    const parent = await findTaskRecord(db, caller.workspaceId, parentTaskId);
    if (parent) return parent;
    throw new AppError('request.invalid', 'The parent is not there.', { fields: { parentTaskId: 'no such task' } });
  }
  const parent = await requireOwn(db, caller, parentTaskId);
  if (isTaskOver(parent.state)) {
    const fields = { state: parent.state, fits: '' };
    throw new AppError('task.state', `The task is ${parent.state}, and has no more parts.`, { fields });
  }
  if (parent.holder !== null || parent.state === 'TAKEN_OVER') {
    const fields = { state: parent.state, fits: '' };
    throw new AppError('task.taken_over', 'The task was taken over: its agent does not divide it now.', { fields });
  }
  if (runner !== 'external') throw forbidden({ runner: 'external: its agent reports by itself' });
  if (principal && (principal.kind !== parent.principal.kind || principal.id !== parent.principal.id)) {
    throw forbidden({ 'principal.id': 'that of the parent' });
  }
  return parent;
}

async function requireOwn(db: Queryable, caller: Caller, parentTaskId: TaskId | undefined): Promise<TaskRecord> {
  const parent = parentTaskId === undefined ? null : await findTaskRecord(db, caller.workspaceId, parentTaskId);
  if (parent && worksOn(caller, parent)) return parent;
  throw forbidden({ parentTaskId: 'a task that this key works on' });
}

const forbidden = (fields: Record<string, string>) =>
  new AppError('auth.forbidden', 'An agent’s key makes sub-tasks of the tasks it works on, and nothing else.', {
    fields,
  });
