import { decideClock } from '@/lib/domain/task/decide-clock';
import { system } from '@/lib/protocol/actor';
import { TaskId } from '@/lib/protocol/ids';
import type { DeadlineHandler, DueDeadline } from '../deadlines';
import type { Runtime } from '../runtime';
import { commitTask, TASK_CLOCK } from './commit-task';
import { TASK_MESSAGE_EXPIRY } from './load-task';
import { simulateAgain } from './runner-effects';

/** What happens when the deadlines of tasks come: exactly one command consumes each. */
export const taskDeadlines = (
  rt: Pick<Runtime, 'ledger' | 'clock' | 'failpoint'>,
): Record<string, DeadlineHandler> => ({
  [TASK_CLOCK]: (deadline) => goOn(rt, deadline),
  [TASK_MESSAGE_EXPIRY]: (deadline) => expire(rt, deadline),
});

async function goOn(
  rt: Pick<Runtime, 'ledger' | 'clock' | 'failpoint'>,
  { workspaceId, subject, consumes }: DueDeadline,
): Promise<void> {
  rt.failpoint('task.before_clock');
  await commitTask(rt, {
    workspaceId,
    taskId: TaskId.parse(subject),
    actor: system,
    consumes,
    decide: (loaded, at) => {
      if (!loaded) return { ok: true, facts: [], answer: () => null };
      const decision = decideClock(loaded.record, at);
      if (!decision.ok) return decision;
      const { facts } = decision;
      // A try reaches an agent that still runs; a runner of ours that is gone is started again for it.
      const isTry = facts.some(({ type }) => type === 'task.recovering');
      return { ok: true, facts, effects: isTry ? simulateAgain(loaded.record) : [], answer: () => null };
    },
  });
}

async function expire(
  rt: Pick<Runtime, 'ledger' | 'clock'>,
  { workspaceId, subject, consumes }: DueDeadline,
): Promise<void> {
  const [taskId = '', messageId = ''] = subject.split('/');
  await commitTask(rt, {
    workspaceId,
    taskId: TaskId.parse(taskId),
    actor: system,
    consumes,
    decide: (loaded) => {
      const isWaiting = loaded?.open.some((each) => each.messageId === messageId && each.status === 'queued');
      return {
        ok: true,
        facts: isWaiting ? [{ type: 'task.instruction_expired', payload: { messageIds: [messageId] } }] : [],
        answer: () => null,
      };
    },
  });
}
