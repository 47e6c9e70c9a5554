import type { TaskId } from '@/lib/protocol/ids';
import type { Caller } from '../access/caller';
import type { Runtime } from '../runtime';
import { requireTask } from './read-tasks';

/**
 * Holds an agent's key to the tasks it has to do with, before anything else that it sent is looked at.
 * @throws AppError `auth.forbidden`
 */
export async function admitAgent(rt: Pick<Runtime, 'database'>, caller: Caller, taskId: TaskId): Promise<TaskId> {
  if (caller.agentScope !== null) await requireTask(rt.database.pool, caller, taskId);
  return taskId;
}
