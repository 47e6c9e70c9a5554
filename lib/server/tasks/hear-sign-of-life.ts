import { isWatched, nextClock } from '@/lib/domain/task/next-clock';
import { msBetween, type TaskFact, type TaskRecord } from '@/lib/domain/task/task-record';
import type { TaskId } from '@/lib/protocol/ids';
import type { Caller } from '../access/caller';
import type { DeadlineChange } from '../ledger/command';
import type { Runtime } from '../runtime';
import { TASK_CLOCK } from './commit-task';
import { commitTaskFor } from './commit-task-for';
import { isReceivers } from './task-scope';

/** Signs that come closer together than this are one. */
const STEP_MS = 1_000;

/**
 * An agent lives and says nothing: tool output, tokens, pings. It puts the question for a sign off, and ends a recovery;
 * it is no report and no entry, or a heartbeat would fill the ledger. `acknowledge`: instructions that it has read.
 */
export async function hearSignOfLife(
  rt: Pick<Runtime, 'ledger' | 'clock'>,
  caller: Caller,
  taskId: TaskId,
  acknowledge: readonly string[],
): Promise<Record<never, never>> {
  return commitTaskFor(rt, caller, {
    taskId,
    may: isReceivers,
    decide: ({ record, open, aliveAt }, { now }) => {
      const read = open.filter((each) => each.status === 'delivered' && acknowledge.includes(each.messageId));
      // A clock that was set back must not make all signs to come look old.
      const sinceMs = aliveAt === null ? STEP_MS : Math.abs(Date.parse(now) - Date.parse(aliveAt));
      const isNews = sinceMs >= Math.min(STEP_MS, record.clocks.graceMs / 4);
      const facts: TaskFact[] = [
        ...(read.length > 0
          ? [
              {
                type: 'task.instruction_acknowledged' as const,
                payload: { messageIds: read.map((each) => each.messageId) },
              },
            ]
          : []),
        ...revival(record, now),
      ];
      return {
        ok: true,
        facts,
        deadlines: isNews ? putOff(record, now) : [],
        ...(isNews && { aliveAt: now }),
        answer: () => ({}),
      };
    },
  });
}

function revival({ state, attempt, failedAt, holder }: TaskRecord, now: string): TaskFact[] {
  if (state !== 'RECOVERING' || holder !== null) return [];
  const afterMs = failedAt === null ? 0 : msBetween(failedAt, now);
  return [{ type: 'task.recovered', payload: { attempt, afterMs, by: 'sign_of_life' } }];
}

/** While a sign is awaited: the whole silence again before the question, the whole grace after it. */
function putOff(record: TaskRecord, now: string): DeadlineChange[] {
  const next = nextClock(record);
  if (!next || !isWatched(record) || (next.step !== 'probe' && next.step !== 'fail')) return [];
  const graceMs = next.step === 'probe' ? record.clocks.silenceMs : record.clocks.graceMs;
  const dueAt = new Date(Date.parse(now) + graceMs);
  return [{ kind: TASK_CLOCK, subject: record.id, dueAt, graceMs }];
}
