import { type ControlTask, type InstructTask, type NewTask, Task, TaskMessage } from '@/lib/protocol/task';
import { api } from './api';
import { complianceQuery, taskPath, taskQuery, tasksQuery } from './task-queries';
import { useWrite } from './use-write';

/** What a form sends; the server fills in what is left out. */
export type NewTaskRequest = Partial<Omit<NewTask, 'command'>> & Pick<NewTask, 'command'>;

export const useCreateTask = () =>
  useWrite(
    (body: NewTaskRequest, idempotencyKey) =>
      api({ method: 'POST', path: '/api/tasks', body, answer: Task, idempotencyKey }),
    [tasksQuery.queryKey],
  );

export type Control = Pick<ControlTask, 'action'> & Partial<Omit<ControlTask, 'action'>>;

/** Pause, go on, end, begin again, take over, hand back, accept: the task as it is then. */
export const useControlTask = (taskId: string) =>
  useWrite(
    (body: Control, idempotencyKey) =>
      api({ method: 'POST', path: `${taskPath(taskId)}/control`, body, answer: Task, idempotencyKey }),
    [taskQuery(taskId).queryKey, tasksQuery.queryKey, complianceQuery(taskId).queryKey],
  );

/** A message to the task's agent. Resolves with its receipt, `queued` or `delivered`. */
export const useInstructTask = (taskId: string) =>
  useWrite((body: Pick<InstructTask, 'content'> & Partial<InstructTask>, idempotencyKey) =>
    api({ method: 'POST', path: `${taskPath(taskId)}/instructions`, body, answer: TaskMessage, idempotencyKey }),
  );
