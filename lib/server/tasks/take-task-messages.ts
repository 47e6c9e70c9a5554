import type { OpenMessage } from '@/lib/domain/task/task-record';
import type { TaskId } from '@/lib/protocol/ids';
import { taskStream } from '@/lib/protocol/stream';
import type { TaskMessage } from '@/lib/protocol/task';
import type { TaskInstruction } from '@/lib/protocol/task-message';
import type { Caller } from '../access/caller';
import type { Runtime } from '../runtime';
import { commitTaskFor } from './commit-task-for';
import { findTaskMessages } from './read-task-messages';
import { isReceivers } from './task-scope';

type Taking = {
  via: 'socket' | 'poll';
  /** Also what was handed over before and never acknowledged, marked so: for one that comes anew. */
  again?: boolean;
  limit: number;
};

/**
 * Hands over what waits for a task's agent, in order. It is recorded before it leaves: nothing is handed over twice
 * unless it says so.
 */
export async function takeTaskMessages(
  rt: Pick<Runtime, 'ledger' | 'clock'>,
  caller: Caller,
  taskId: TaskId,
  { via, again = false, limit }: Taking,
): Promise<TaskInstruction[]> {
  return commitTaskFor(rt, caller, {
    taskId,
    may: isReceivers,
    decide: ({ open }, { now }) => {
      const due = open.filter((each) => isDue(each, again, now)).slice(0, limit);
      const [held, fresh] = [true, false].map((delivered) =>
        due.filter(({ status }) => (status === 'delivered') === delivered).map(({ messageId }) => messageId),
      );
      return {
        ok: true,
        facts: [
          ...(held?.length
            ? [{ type: 'task.instruction_delivered' as const, payload: { messageIds: held, via, again: true } }]
            : []),
          ...(fresh?.length
            ? [{ type: 'task.instruction_delivered' as const, payload: { messageIds: fresh, via, again: false } }]
            : []),
        ],
        answer: () =>
          due.map(({ message, status }) => (status === 'delivered' ? { ...message, redelivered: true } : message)),
      };
    },
  });
}

const isDue = ({ status, expiresAt }: OpenMessage, again: boolean, now: string): boolean =>
  status === 'delivered' ? again : expiresAt === null || expiresAt > now;

/**
 * The same by long poll: waits up to `waitMs` until something is there. Ends early when the asker goes.
 * @throws AppError as takeTaskMessages.
 */
export async function pollTaskMessages(
  rt: Pick<Runtime, 'ledger' | 'clock' | 'database' | 'hub'>,
  caller: Caller,
  taskId: TaskId,
  { waitMs, limit, signal }: { waitMs: number; limit: number; signal: AbortSignal },
): Promise<TaskMessage[]> {
  const until = rt.clock.monotonicMs() + waitMs;
  const stream = taskStream(taskId);
  let wake: () => void = () => undefined;
  let moved = false;
  const stop = rt.hub.listen({
    moved: (which) => {
      if (which !== stream) return;
      moved = true;
      wake();
    },
  });
  const leave = () => wake();
  signal.addEventListener('abort', leave);
  try {
    for (;;) {
      moved = false;
      if (signal.aborted) return [];
      const taken = await takeTaskMessages(rt, caller, taskId, { via: 'poll', limit });
      const leftMs = until - rt.clock.monotonicMs();
      if (taken.length > 0 || leftMs <= 0) {
        const ids = taken.map(({ message_id }) => message_id);
        return ids.length === 0 ? [] : await findTaskMessages(rt.database.pool, caller.workspaceId, ids);
      }
      if (moved) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  } finally {
    stop();
    signal.removeEventListener('abort', leave);
  }
}
