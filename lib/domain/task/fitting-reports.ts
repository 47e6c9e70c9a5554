import { isTaskOver } from '@/lib/protocol/task';
import type { TaskReport, TaskReportType } from '@/lib/protocol/task-message';
import type { TaskRecord } from './task-record';

const WORK: readonly TaskReportType[] = [
  'PROGRESS_UPDATE',
  'MILESTONE_COMPLETED',
  'ERROR_REPORT',
  'COMPLETION',
  'HANDOFF_REQUEST',
];

/** The types of reports that fit the state of a task. */
export function fittingReports(record: TaskRecord): readonly TaskReportType[] {
  const { state, completion, startedAt } = record;
  if (isTaskOver(state)) return [];
  if (state === 'QUEUED') return ['INITIALIZATION'];
  if (state === 'PROBING' || state === 'RECOVERING') return ['INITIALIZATION', ...WORK];
  if (state === 'HANDOFF_PENDING') return completion ? ['HANDOFF_REQUEST'] : ['COMPLETION', 'HANDOFF_REQUEST'];
  if (state === 'TAKEN_OVER' && startedAt === null) return ['INITIALIZATION'];
  if (state === 'WAITING' && completion) return ['HANDOFF_REQUEST'];
  return WORK;
}

/** Whether a task's agent is the sender, or may become it: one that begins, or begins again after a failure. */
export const isItsAgent = ({ agentId, state }: TaskRecord, { agent_id, type }: TaskReport): boolean =>
  agentId === null || agentId === agent_id || (type === 'INITIALIZATION' && state === 'RECOVERING');

/** Whether a report of a task's agent is accepted as the task stands, unless it came before. */
export const isExpected = (record: TaskRecord, message: TaskReport): boolean =>
  record.holder === null &&
  record.state !== 'TAKEN_OVER' &&
  isItsAgent(record, message) &&
  fittingReports(record).includes(message.type);
