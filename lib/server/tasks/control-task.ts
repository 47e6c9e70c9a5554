import { decideControl } from '@/lib/domain/task/decide-control';
import { toTask } from '@/lib/domain/task/to-task';
import { AppError } from '@/lib/protocol/errors';
import type { TaskId } from '@/lib/protocol/ids';
import type { ControlTask, Task } from '@/lib/protocol/task';
import type { Caller } from '../access/caller';
import type { IdempotencyKey } from '../ledger/command';
import type { Runtime } from '../runtime';
import { commitTaskFor } from './commit-task-for';
import { simulateAgain } from './runner-effects';
import { holderOf, isPrincipals } from './task-scope';

/**
 * A person, or the agent that gave the task, decides how it goes on; the task's agent is told by x-CONTROL.
 * @throws AppError `task.state` with what would fit; `task.taken`: somebody else holds it.
 */
export function controlTask(
  rt: Pick<Runtime, 'ledger' | 'clock'>,
  caller: Caller,
  taskId: TaskId,
  control: ControlTask,
  idempotency?: IdempotencyKey,
): Promise<Task> {
  return commitTaskFor(rt, caller, {
    taskId,
    may: isPrincipals,
    idempotency,
    decide: ({ record, aliveAt, open }, at) => {
      const decision = decideControl(record, control, holderOf(caller, record), at);
      if (!decision.ok) return decision;
      const waiting = open.filter(({ status }) => status === 'queued').length;
      return {
        ok: true,
        facts: decision.facts,
        effects: control.action === 'RETRY' ? simulateAgain(record) : [],
        answer: (entries, fold) => {
          const after = fold();
          if (!after) throw new AppError('task.not_found', `There is no task ${taskId}.`);
          const queued = entries.filter(({ type }) => type === 'task.instruction_queued').length;
          return toTask(after, { now: at.now, lastAliveAt: aliveAt, waitingMessages: waiting + queued });
        },
      };
    },
  });
}
