import { queueInstruction } from '@/lib/domain/task/queue-message';
import type { TaskId } from '@/lib/protocol/ids';
import type { JsonValue } from '@/lib/protocol/json';
import { isTaskOver, type TaskMessage } from '@/lib/protocol/task';
import type { Caller } from '../access/caller';
import type { IdempotencyKey } from '../ledger/command';
import type { Runtime } from '../runtime';
import { commitTaskFor } from './commit-task-for';
import { TASK_MESSAGE_EXPIRY } from './load-task';
import { hasToDoWith } from './task-scope';

export type Words = {
  from: string;
  content: string;
  kind: string;
  metadata?: JsonValue | undefined;
  expiresInSeconds?: number | undefined;
};

/** Puts words into the queue to a task's agent, behind all that waits there. @throws AppError `task.state`: it is over. */
export function instructTask(
  rt: Pick<Runtime, 'ledger' | 'clock'>,
  caller: Caller,
  taskId: TaskId,
  { from, content, kind, metadata = null, expiresInSeconds }: Words,
  idempotency?: IdempotencyKey,
): Promise<TaskMessage> {
  return commitTaskFor(rt, caller, {
    taskId,
    may: hasToDoWith,
    idempotency,
    decide: ({ record }, at) => {
      if (isTaskOver(record.state)) {
        const fields = { state: record.state, fits: '' };
        return { ok: false, code: 'task.state', message: `The task is over: ${record.state}.`, fields };
      }
      const graceMs = (expiresInSeconds ?? 0) * 1_000;
      const dueAt = expiresInSeconds === undefined ? null : new Date(Date.parse(at.now) + graceMs);
      const expiresAt = dueAt?.toISOString() ?? null;
      const queued = queueInstruction(record, { from, kind, content, metadata, expiresAt }, at);
      const { messageId } = queued.payload;
      return {
        ok: true,
        facts: [queued],
        deadlines: dueAt ? [{ kind: TASK_MESSAGE_EXPIRY, subject: `${taskId}/${messageId}`, dueAt, graceMs: 0 }] : [],
        answer: ([entry]) => ({
          messageId,
          taskId,
          from,
          content,
          kind,
          metadata,
          message: queued.payload.message,
          status: 'queued',
          delivery: null,
          redelivered: false,
          createdAt: entry?.receivedAt ?? at.now,
          deliveredAt: null,
          acknowledgedAt: null,
          expiresAt,
        }),
      };
    },
  });
}
