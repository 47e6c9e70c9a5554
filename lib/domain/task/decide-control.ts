import type { PayloadOf } from '@/lib/protocol/entry';
import type { ControlTask, Task, TaskControlAction, TaskHolder, TaskState } from '@/lib/protocol/task';
import { applyTask } from './apply-task';
import { handoffAccepted, isHandoffAccepted, notificationOf } from './judge-handoff';
import { queueAcceptance, queueControl } from './queue-message';
import { type Circumstances, isSameHolder, type TaskDecision, type TaskRecord } from './task-record';

const LIVING: readonly TaskState[] = [
  'QUEUED',
  'INITIALIZING',
  'RUNNING',
  'WAITING',
  'HANDOFF_PENDING',
  'PROBING',
  'RECOVERING',
  'TAKEN_OVER',
];

/** In which states an action fits. */
const fitting: Readonly<Record<TaskControlAction, readonly TaskState[]>> = {
  CONTINUE: ['WAITING', 'HANDOFF_PENDING'],
  PAUSE: ['INITIALIZING', 'RUNNING', 'PROBING'],
  ABORT: LIVING,
  RETRY: [
    'INITIALIZING',
    'RUNNING',
    'WAITING',
    'PROBING',
    'RECOVERING',
    'HANDOFF_PENDING',
    'FAILED',
    'PARTIAL_SUCCESS',
  ],
  TAKEOVER: LIVING,
  HANDBACK: ['TAKEN_OVER', 'HANDOFF_PENDING'],
  ACCEPT: ['HANDOFF_PENDING', 'TAKEN_OVER'],
};

/** Of a record, or of the task that is shown. */
type Standing = Pick<TaskRecord, 'state' | 'holder'> & (Pick<TaskRecord, 'completion'> | Pick<Task, 'outcome'>);

const isCompleted = (task: Standing): boolean => ('completion' in task ? task.completion : task.outcome) !== null;

/**
 * What is in other hands is handed back, or its handoff decided, and not begun again over whoever holds it. What was
 * completed before it was taken over can be accepted as it is.
 */
const fits = (task: Standing, action: TaskControlAction): boolean =>
  fitting[action].includes(task.state) &&
  (action !== 'HANDBACK' || task.state === 'TAKEN_OVER' || task.holder !== null) &&
  (action !== 'RETRY' || task.holder === null) &&
  (action !== 'ACCEPT' || task.state === 'HANDOFF_PENDING' || isCompleted(task));

/** The actions that fit a task as it stands: what is offered on its screen. */
export const fittingControls = (task: Standing): TaskControlAction[] =>
  (Object.keys(fitting) as TaskControlAction[]).filter((action) => fits(task, action));

/**
 * A person or principal decides about a task. Taking over what one holds oneself changes nothing; of two who take over
 * at once, the second is told who holds it.
 */
export function decideControl(
  record: TaskRecord,
  { action, reason, give }: ControlTask,
  by: TaskHolder,
  at: Circumstances,
): TaskDecision {
  if (!fits(record, action)) {
    const would = fittingControls(record).join(', ');
    return {
      ok: false,
      code: 'task.state',
      message: `The task is ${record.state}, and ${action} does not fit. ${would ? `What fits is ${would}.` : 'It is over.'}`,
      fields: { state: record.state, fits: would },
    };
  }
  const { holder } = record;
  const isOthers = holder?.kind === 'person' && !isSameHolder(holder, by);
  if (isOthers && action !== 'ABORT') {
    return {
      ok: false,
      code: 'task.taken',
      message: `${holder.name} has taken this task over.`,
      fields: { holder: holder.id },
    };
  }
  const why = reason ?? null;
  if (action === 'TAKEOVER') return takeOver(record, why, give === 'principal' ? record.principal : by, by, at);
  if (action === 'ACCEPT') return accept(record, why, by, at);
  if (action === 'CONTINUE') return goOn(record, why, by, at);
  if (action === 'HANDBACK') {
    const told = queueControl(record, { from: by.name, action, reason: why }, at);
    return {
      ok: true,
      facts: [
        { type: 'task.handed_back', payload: { reason: why, messageId: told.payload.messageId } },
        { ...told, cause: { index: 0 } },
      ],
    };
  }
  const told = queueControl(record, { from: by.name, action, reason: why }, at);
  const checkpoint = action === 'RETRY' ? record.checkpoint : null;
  const cause = { index: 0 };
  return {
    ok: true,
    facts: [
      { type: 'task.controlled', payload: { action, reason: why, messageId: told.payload.messageId, checkpoint } },
      { ...told, cause },
      ...(action === 'ABORT'
        ? [
            {
              type: 'task.ended' as const,
              payload: { state: 'CANCELLED' as const, why: 'aborted' as const, summary: why },
              cause,
            },
          ]
        : []),
    ],
  };
}

/** What an agent reported in its pause stands: its handoff is accepted, or waits; only one that has work left is told. */
function goOn(record: TaskRecord, reason: string | null, by: TaskHolder, at: Circumstances): TaskDecision {
  const control = (messageId: string | null) => ({
    type: 'task.controlled' as const,
    payload: { action: 'CONTINUE' as const, reason, messageId, checkpoint: null },
  });
  const cause = { index: 0 };
  const after = applyTask(record, { ...control(null), streamSeq: record.streamSeq + 1, receivedAt: at.now });
  if (after && isHandoffAccepted(after)) {
    const told = queueAcceptance(after, by.name, notificationOf(after), at);
    return {
      ok: true,
      facts: [control(told.payload.messageId), { ...told, cause }, { ...handoffAccepted(after, at.now), cause }],
    };
  }
  if (after?.waitingFor === 'handoff_decision' || record.holder !== null) return { ok: true, facts: [control(null)] };
  const told = queueControl(record, { from: by.name, action: 'CONTINUE', reason }, at);
  return { ok: true, facts: [control(told.payload.messageId), { ...told, cause }] };
}

function takeOver(
  record: TaskRecord,
  reason: string | null,
  holder: TaskHolder,
  by: TaskHolder,
  at: Circumstances,
): TaskDecision {
  if (isSameHolder(record.holder, holder)) return { ok: true, facts: [] };
  const told = queueControl(record, { from: by.name, action: 'TAKEOVER', reason }, at);
  return {
    ok: true,
    facts: [
      takenOver(record, { holder, why: isSameHolder(holder, by) ? 'person' : 'given', reason }),
      { ...told, cause: { index: 0 } },
    ],
  };
}

/** With all that whoever goes on needs: the checkpoint, the evidence, and where it stands in words. */
export const takenOver = (
  record: TaskRecord,
  { holder, why, reason }: Pick<PayloadOf<'task.taken_over'>, 'holder' | 'why' | 'reason'>,
) => ({
  type: 'task.taken_over' as const,
  payload: { holder, why, reason, checkpoint: record.checkpoint, summary: standing(record), evidence: record.evidence },
});

function standing({ command, done, next, currentAction, percentage, lastError, summary }: TaskRecord): string {
  const parts = [
    percentage === null ? '' : `${command} stands at ${percentage} %.`,
    done.length > 0 ? `Done: ${done.join(', ')}.` : 'No milestone is done.',
    next === null ? '' : `Next: ${next}.`,
    currentAction === null ? '' : `Last action: ${currentAction}.`,
    lastError === null ? '' : `Last error: ${lastError.type}${lastError.details ? ` (${lastError.details})` : ''}.`,
    summary ?? '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function accept(record: TaskRecord, reason: string | null, by: TaskHolder, at: Circumstances): TaskDecision {
  const told = queueAcceptance(record, by.name, notificationOf(record), at);
  const cause = { index: 0 };
  const { messageId } = told.payload;
  return {
    ok: true,
    facts: [
      { type: 'task.controlled', payload: { action: 'ACCEPT', reason, messageId, checkpoint: null } },
      { ...told, cause },
      { ...handoffAccepted(record, at.now), cause },
    ],
  };
}
