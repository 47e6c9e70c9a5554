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
  /** Whoever asked; once gone they are handed nothing. */
  asker?: AbortSignal;
};

/**
 * Hands over what waits for a task's agent, in order. It is recorded before it leaves: nothing is handed over twice
 * unless it says so.
 */
export async function takeTaskMessages(
  rt: Pick<Runtime, 'ledger' | 'clock'>,
  caller: Caller,
  taskId: TaskId,
  { via, again = false, limit, asker }: Taking,
): Promise<TaskInstruction[]> {
  return commitTaskFor(rt, caller, {
    taskId,
    may: isReceivers,
    decide: ({ open }, { now }) => {
      const due = asker?.aborted ? [] : open.filter((each) => isDue(each, again, now)).slice(0, limit);
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

/** What was recorded as handed over and could not be written to anybody waits as before. */
function returnTaskMessages(
  rt: Pick<Runtime, 'ledger' | 'clock'>,
  caller: Caller,
  taskId: TaskId,
  messageIds: readonly string[],
): Promise<void> {
  return commitTaskFor(rt, caller, {
    taskId,
    may: () => true,
    decide: ({ open }) => {
      const own = open.filter(({ messageId, status }) => status === 'delivered' && messageIds.includes(messageId));
      const ids = own.map(({ messageId }) => messageId);
      return {
        ok: true,
        facts: ids.length > 0 ? [{ type: 'task.instruction_returned', payload: { messageIds: ids } }] : [],
        answer: () => undefined,
      };
    },
  });
}

const isDue = ({ status, expiresAt }: OpenMessage, again: boolean, now: string): boolean =>
  status === 'delivered' ? again : expiresAt === null || expiresAt > now;

/**
 * The same by long poll: waits up to `waitMs` until something is there. Ends early when the asker goes, who then takes
 * nothing, and with nothing when Parley stops.
 * @throws AppError as takeTaskMessages.
 */
export async function pollTaskMessages(
  rt: Pick<Runtime, 'ledger' | 'clock' | 'database' | 'hub'>,
  caller: Caller,
  taskId: TaskId,
  { waitMs, limit, asker, stopping }: { waitMs: number; limit: number; asker: AbortSignal; stopping: AbortSignal },
): Promise<TaskMessage[]> {
  const signal = AbortSignal.any([asker, stopping]);
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
      const taken = await takeTaskMessages(rt, caller, taskId, { via: 'poll', limit, asker });
      const leftMs = until - rt.clock.monotonicMs();
      if (taken.length > 0) return await findTaken(rt, caller, taskId, { taken, asker });
      if (leftMs <= 0) return [];
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

async function findTaken(
  rt: Pick<Runtime, 'ledger' | 'clock' | 'database'>,
  caller: Caller,
  taskId: TaskId,
  { taken, asker }: { taken: readonly TaskInstruction[]; asker: AbortSignal },
): Promise<TaskMessage[]> {
  const ids = taken.map(({ message_id }) => message_id);
  const found = await findTaskMessages(rt.database.pool, caller.workspaceId, ids);
  if (!asker.aborted) return found;
  await returnTaskMessages(rt, caller, taskId, ids);
  return [];
}
