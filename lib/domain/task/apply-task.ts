import type { PayloadOf } from '@/lib/protocol/entry';
import type { TaskControlAction } from '@/lib/protocol/task';
import { applyReport } from './apply-report';
import type { PlacedFact, TaskRecord } from './task-record';

type Place = { streamSeq: number; receivedAt: string };

const created = (payload: PayloadOf<'task.created'>, { streamSeq, receivedAt }: Place): TaskRecord => ({
  id: payload.taskId,
  streamSeq,
  parentTaskId: payload.parentTaskId,
  ...(payload.madeByKey !== undefined && { madeByKey: payload.madeByKey }),
  command: payload.command,
  purpose: payload.purpose,
  context: payload.context,
  priority: payload.priority,
  principal: payload.principal,
  runner: payload.runner,
  plan: payload.milestones,
  handoffPolicy: payload.handoffPolicy,
  tell: payload.tell,
  principalServer: payload.principalServer,
  toldUpTo: 0,
  asked: null,
  clocks: payload.clocks,
  state: 'QUEUED',
  agentId: null,
  quietSince: null,
  phase: 'fresh',
  clockSince: null,
  attempt: 0,
  failedAt: null,
  waitingFor: null,
  holder: null,
  percentage: null,
  estimated: false,
  wentBackFrom: null,
  milestones: [...new Set(payload.milestones)],
  done: [],
  next: null,
  currentAction: null,
  toolsActive: [],
  toolsUsed: [],
  estimatedDuration: null,
  missing: [],
  checkpoint: null,
  completion: null,
  handoffRequested: false,
  summary: null,
  evidence: [],
  lastError: null,
  counts: { reports: 0, refused: 0, quarantined: 0, errors: 0, late: 0 },
  gapsMs: [],
  lastHeardAt: null,
  createdAt: receivedAt,
  startedAt: null,
  endedAt: null,
});

/** The agent's turn again, with a fresh clock. */
const resumed = (record: TaskRecord, at: string): Partial<TaskRecord> => ({
  state: record.agentId === null ? 'QUEUED' : 'RUNNING',
  waitingFor: null,
  phase: 'fresh',
  quietSince: at,
  clockSince: at,
  attempt: 0,
  failedAt: null,
  completion: null,
  handoffRequested: false,
});

/**
 * It goes on after a pause or a doubt. What was completed or asked for in the pause stands; a handoff that waited is
 * rejected, and whoever held the task holds it on.
 */
function continued(record: TaskRecord, at: string): Partial<TaskRecord> {
  const { waitingFor, completion, handoffRequested, holder } = record;
  const again = resumed(record, at);
  if (waitingFor === 'resume' && (completion !== null || handoffRequested)) {
    const next = handoffRequested ? 'handoff_decision' : 'handoff_request';
    return { ...again, state: 'HANDOFF_PENDING', waitingFor: next, completion, handoffRequested };
  }
  return holder === null ? again : { ...again, state: 'TAKEN_OVER', clockSince: null };
}

const controls: { [A in TaskControlAction]: (record: TaskRecord, at: string) => Partial<TaskRecord> } = {
  CONTINUE: continued,
  PAUSE: () => ({ state: 'WAITING', waitingFor: 'resume', phase: 'fresh' }),
  // One that is not silent reads of it with the answer to its next report: until then it has the time that it always has.
  RETRY: (record, at) => ({
    ...resumed(record, at),
    state: 'RECOVERING',
    phase: record.phase === 'probing' || record.phase === 'failed' ? 'failed' : 'fresh',
    attempt: 1,
    failedAt: at,
    endedAt: null,
  }),
  ABORT: () => ({}),
  ACCEPT: () => ({}),
  TAKEOVER: () => ({}),
  HANDBACK: () => ({}),
};

/** Life in RECOVERING or PROBING without a report: the agent goes on. */
const recovered = (record: TaskRecord, at: string): Partial<TaskRecord> => ({
  ...(record.state === 'RECOVERING' || record.state === 'PROBING' ? { state: 'RUNNING' } : {}),
  phase: 'fresh',
  clockSince: at,
  attempt: 0,
  failedAt: null,
});

function changes(record: TaskRecord, fact: Exclude<PlacedFact, { type: 'task.report_accepted' }>): Partial<TaskRecord> {
  const at = fact.receivedAt;
  const { counts } = record;
  switch (fact.type) {
    case 'task.report_refused':
      return { counts: { ...counts, refused: counts.refused + 1 } };
    case 'task.report_quarantined':
      return { counts: { ...counts, quarantined: counts.quarantined + 1 } };
    case 'task.principal_told':
      return { toldUpTo: fact.payload.upTo, asked: { otid: fact.payload.otid, text: fact.payload.text } };
    case 'task.principal_answered':
      return { asked: null };
    case 'task.late':
      return { phase: 'late', clockSince: at, counts: { ...counts, late: counts.late + 1 } };
    case 'task.probed':
      // A task that only waits for its handoff stays there while it is asked.
      return {
        ...(record.state === 'HANDOFF_PENDING' ? {} : { state: 'PROBING' }),
        phase: 'probing',
        clockSince: at,
      };
    case 'task.assumed_failed':
      return { state: 'RECOVERING', phase: 'failed', clockSince: at, attempt: 0, failedAt: at };
    case 'task.recovering':
      return { attempt: fact.payload.attempt, clockSince: at };
    case 'task.recovered':
      return recovered(record, at);
    case 'task.controlled':
      return controls[fact.payload.action](record, at);
    case 'task.taken_over':
      return { state: 'TAKEN_OVER', holder: fact.payload.holder, waitingFor: null, clockSince: null };
    case 'task.handed_back':
      return { ...resumed(record, at), holder: null };
    case 'task.ended':
      return {
        state: fact.payload.state,
        waitingFor: null,
        holder: null,
        phase: 'fresh',
        clockSince: null,
        toolsActive: [],
        endedAt: at,
        summary: fact.payload.summary ?? record.summary,
      };
    default:
      return {};
  }
}

/**
 * The record of a task after one more entry of its stream; null before `task.created`. Entries that it holds already
 * change nothing. The projection folds with it, and so does the browser.
 */
export function applyTask(record: TaskRecord | null, fact: PlacedFact): TaskRecord | null {
  if (record === null) return fact.type === 'task.created' ? created(fact.payload, fact) : null;
  if (fact.streamSeq <= record.streamSeq) return record;
  if (fact.type === 'task.report_accepted') return applyReport(record, fact.payload, fact.receivedAt, fact.streamSeq);
  return { ...record, ...changes(record, fact), streamSeq: fact.streamSeq };
}
