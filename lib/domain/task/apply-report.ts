import type { TaskReport } from '@/lib/protocol/task-message';
import { isWatched } from './next-clock';
import { msBetween, type TaskRecord } from './task-record';

/** What is remembered of reports has an end: the stream holds them all. */
const NAMES_MAX = 200;
const EVIDENCE_MAX = 200;
const GAPS_MAX = 24;

/** `known` has no name twice. Most reports name what is known already; a blank one names nothing. */
function merged(known: string[], more: readonly string[], max = NAMES_MAX): string[] {
  const named = more.filter((name) => name.trim() !== '');
  if (known.length <= max && named.every((name) => known.includes(name))) return known;
  return [...new Set([...known, ...named])].slice(0, max);
}

/** A plan changes: a next milestone that was neither planned nor reached is none once another takes its place. */
const stillMeant = ({ plan }: TaskRecord, milestones: readonly string[], named: readonly (string | null)[]): string[] =>
  milestones.filter((name) => plan.includes(name) || named.includes(name));

/** The percentage as reported; else worked out from the plan, or the last one, and marked as an estimate. */
function withProgress(record: TaskRecord, reported: number | undefined, done: readonly string[]): Partial<TaskRecord> {
  const { percentage: before, plan } = record;
  if (reported !== undefined) {
    const wentBackFrom = before !== null && !record.estimated && reported < before ? before : null;
    return { percentage: reported, estimated: false, wentBackFrom };
  }
  const reached = plan.filter((name) => done.includes(name)).length;
  const planned = plan.length > 0 ? Math.round((100 * reached) / plan.length) : null;
  const percentage = planned === null ? before : Math.max(before ?? 0, planned);
  return { percentage, estimated: percentage !== null, wentBackFrom: null };
}

/** A task that was told to wait goes on waiting; one that is in other hands stays there. */
const active = (record: TaskRecord): Partial<TaskRecord> => {
  if (record.waitingFor === 'resume') return {};
  if (record.holder !== null) return { state: 'TAKEN_OVER', waitingFor: null };
  return { state: 'RUNNING', waitingFor: null };
};

/** Its work is done, as far as its agent can say. A pause keeps that, too, until somebody goes on. */
const handingOver = (record: TaskRecord, waitingFor: 'handoff_request' | 'handoff_decision'): Partial<TaskRecord> =>
  record.waitingFor === 'resume' ? {} : { state: 'HANDOFF_PENDING', waitingFor };

const told = {
  // Whoever holds the task begins it in its agent's place, and does not become that agent.
  INITIALIZATION: (record, message, at) => ({
    ...(record.holder === null && { agentId: message.agent_id, state: 'INITIALIZING', waitingFor: null }),
    startedAt: record.startedAt ?? at,
    context: record.context ?? message.context ?? null,
    estimatedDuration: message.estimated_duration ?? record.estimatedDuration,
    currentAction: null,
    toolsActive: [],
  }),
  PROGRESS_UPDATE: (record, message) => {
    const done = merged(record.done, message.milestones_completed ?? []);
    const { next_milestone: named } = message;
    const next = named === undefined ? record.next : named.trim() === '' ? null : named;
    return {
      ...active(record),
      ...withProgress(record, message.progress_percentage, done),
      done,
      next,
      milestones: stillMeant(record, merged(record.milestones, next === null ? done : [...done, next]), [
        ...done,
        next,
      ]),
      currentAction: message.current_action ?? record.currentAction,
      toolsActive: message.tools_active ?? record.toolsActive,
      toolsUsed: merged(record.toolsUsed, message.tools_active ?? []),
    };
  },
  MILESTONE_COMPLETED: (record, message, _at, streamSeq) => {
    const done = merged(record.done, [message.milestone]);
    const action = message.next_action ?? null;
    const milestones = merged(record.milestones, [message.milestone]);
    return {
      ...active(record),
      ...withProgress(record, message.progress_percentage, done),
      done,
      milestones,
      next: action !== null && milestones.includes(action) ? action : null,
      currentAction: action ?? record.currentAction,
      toolsUsed: merged(record.toolsUsed, message.tools_used ?? []),
      evidence: merged(record.evidence, message.evidence ? [message.evidence] : [], EVIDENCE_MAX),
      checkpoint: { milestone: message.milestone, seq: streamSeq, handoff_data: handoffData(message) },
    };
  },
  ERROR_REPORT: (record, message, at) => ({
    ...active(record),
    ...(message.blocking && record.holder === null && record.waitingFor !== 'resume'
      ? { state: 'WAITING', waitingFor: 'blocking_error' }
      : {}),
    lastError: {
      type: message.error_type,
      details: message.error_details ?? null,
      recoveryAction: message.recovery_action ?? null,
      blocking: message.blocking ?? false,
      at,
    },
    counts: { ...record.counts, errors: record.counts.errors + 1 },
  }),
  COMPLETION: (record, message, _at, streamSeq) => {
    const evidence = message.evidence ?? [];
    const summary = message.results_summary ?? null;
    return {
      ...handingOver(record, record.handoffRequested ? 'handoff_decision' : 'handoff_request'),
      ...(message.status === 'SUCCESS' ? { percentage: 100, estimated: false, wentBackFrom: null } : {}),
      toolsActive: [],
      // In the completion's own order: it looks back on all of them.
      toolsUsed: merged([...new Set(message.tools_used)], record.toolsUsed),
      evidence: merged(record.evidence, evidence, EVIDENCE_MAX),
      summary: summary ?? record.summary,
      completion: {
        outcome: message.status,
        duration: message.duration ?? null,
        summary,
        evidence: evidence.slice(0, EVIDENCE_MAX),
        streamSeq,
      },
    };
  },
  // Not ready (any more): the agent goes on, or asks again for what it has completed.
  HANDOFF_REQUEST: (record, message) =>
    message.ready_for_handoff
      ? {
          ...handingOver(record, 'handoff_decision'),
          handoffRequested: true,
          summary: record.summary ?? message.final_status ?? null,
        }
      : {
          ...(record.state === 'HANDOFF_PENDING' && record.completion
            ? handingOver(record, 'handoff_request')
            : active(record)),
          handoffRequested: false,
        },
} satisfies {
  [T in TaskReport['type']]: (
    record: TaskRecord,
    message: Extract<TaskReport, { type: T }>,
    at: string,
    streamSeq: number,
  ) => Partial<TaskRecord>;
};

/** Data that an agent leaves at a milestone, where it does: the seed has it in COMPLETION only. */
function handoffData(message: Extract<TaskReport, { type: 'MILESTONE_COMPLETED' }>) {
  const data = message['handoff_data'];
  return data !== null && typeof data === 'object' && !Array.isArray(data) ? data : {};
}

function changes(record: TaskRecord, message: TaskReport, at: string, streamSeq: number): Partial<TaskRecord> {
  switch (message.type) {
    case 'INITIALIZATION':
      return told.INITIALIZATION(record, message, at);
    case 'PROGRESS_UPDATE':
      return told.PROGRESS_UPDATE(record, message);
    case 'MILESTONE_COMPLETED':
      return told.MILESTONE_COMPLETED(record, message, at, streamSeq);
    case 'ERROR_REPORT':
      return told.ERROR_REPORT(record, message, at);
    case 'COMPLETION':
      return told.COMPLETION(record, message, at, streamSeq);
    case 'HANDOFF_REQUEST':
      return told.HANDOFF_REQUEST(record, message);
  }
}

/** The record after an accepted report: what it says, and that the agent was heard at `at`. */
export function applyReport(
  record: TaskRecord,
  { message, missing }: { message: TaskReport; missing: string[] },
  at: string,
  streamSeq: number,
): TaskRecord {
  // While nothing is expected of the agent its silence is none.
  const { lastHeardAt, quietSince } = record;
  const gap = lastHeardAt === null || !isWatched(record) ? [] : [msBetween(quietSince ?? lastHeardAt, at)];
  const heard: TaskRecord = {
    ...record,
    streamSeq,
    lastHeardAt: at,
    quietSince: at,
    clockSince: at,
    phase: 'fresh',
    attempt: 0,
    failedAt: null,
    missing,
    gapsMs: [...record.gapsMs, ...gap].slice(-GAPS_MAX),
    counts: { ...record.counts, reports: record.counts.reports + 1 },
  };
  const after = Object.assign(heard, changes(heard, message, at, streamSeq));
  return isStillAsked(record, after) ? { ...after, clockSince: record.clockSince } : after;
}

/** Asking for the same handoff again does not give its principal more time. */
const isStillAsked = (before: TaskRecord, after: TaskRecord): boolean =>
  before.waitingFor === 'handoff_decision' &&
  after.waitingFor === 'handoff_decision' &&
  before.completion?.streamSeq === after.completion?.streamSeq;
