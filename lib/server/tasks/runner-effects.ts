import type { TaskRecord } from '@/lib/domain/task/task-record';
import type { TaskId } from '@/lib/protocol/ids';
import type { TaskRunner } from '@/lib/protocol/task';
import type { Effect } from '../ledger/command';

/** `paceMs`: how long a simulated agent rests after each report. */
export type RunnerOptions = { paceMs?: number };
type RunnerEffect = (taskId: TaskId, options?: RunnerOptions) => Effect;

const simulate: RunnerEffect = (taskId, options = {}) => ({
  task: 'task.simulate',
  payload: { taskId, ...options },
  queue: `task.simulate:${taskId}`,
  key: `task.simulate:${taskId}`,
});

/** Who carries tasks of a kind out, where that is a job of ours: `external` agents come by themselves. */
export const runnerEffects: Readonly<Partial<Record<TaskRunner, RunnerEffect>>> = { simulated: simulate };

/** Sets a runner of ours to work again on a task whose agent may be gone; one that still works goes on. */
export const simulateAgain = ({ id, runner }: TaskRecord): Effect[] => {
  const effect = runnerEffects[runner];
  return effect ? [effect(id)] : [];
};
