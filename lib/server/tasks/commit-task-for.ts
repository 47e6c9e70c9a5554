import type { Circumstances, TaskRecord } from '@/lib/domain/task/task-record';
import type { TaskId } from '@/lib/protocol/ids';
import type { Caller } from '../access/caller';
import type { IdempotencyKey } from '../ledger/command';
import { commitTask, type TaskOutcomeOf, type TaskRuntime } from './commit-task';
import type { LoadedTask } from './load-task';
import { notFound } from './task-scope';

type Wish<Answer> = {
  taskId: TaskId;
  /** Who may: a caller that may not learns no more than of a task that is not there. */
  may: (caller: Caller, record: TaskRecord) => boolean;
  decide: (loaded: LoadedTask, at: Circumstances) => TaskOutcomeOf<Answer>;
  idempotency?: IdempotencyKey | undefined;
};

/**
 * Carries out what a caller decides about a task that it has to do with. Resolves with the answer.
 * @throws AppError `task.not_found`; `auth.forbidden` for an agent's key; what `decide` refuses.
 */
export function commitTaskFor<Answer>(
  rt: TaskRuntime,
  caller: Caller,
  { taskId, may, decide, idempotency }: Wish<Answer>,
): Promise<Answer> {
  const { workspaceId, actor } = caller;
  return commitTask(rt, {
    workspaceId,
    taskId,
    actor,
    idempotency,
    decide: (loaded, at) => {
      if (loaded && may(caller, loaded.record)) return decide(loaded, at);
      const { code, message } = notFound(caller, taskId);
      return { ok: false, code, message };
    },
  });
}
