import type { Milestone, Task } from '@/lib/protocol/task';
import { isWatched, nextClock } from './next-clock';
import { msBetween, type TaskRecord } from './task-record';

/** What a record does not hold, since no entry tells it. `nextAt`: where the deadline stands, after a fresh grace too. */
export type TaskCircumstances = {
  now: string;
  lastAliveAt: string | null;
  waitingMessages: number;
  nextAt?: string | null;
};

/** A task as it is shown at one moment. */
export function toTask(record: TaskRecord, circumstances: TaskCircumstances): Task {
  const { lastAliveAt, waitingMessages } = circumstances;
  return {
    id: record.id,
    parentTaskId: record.parentTaskId,
    command: record.command,
    purpose: record.purpose,
    context: record.context,
    priority: record.priority,
    state: record.state,
    principal: record.principal,
    runner: record.runner,
    agentId: record.agentId,
    progress: { percentage: record.percentage, estimated: record.estimated, wentBackFrom: record.wentBackFrom },
    milestones: record.milestones.map((name) => ({ name, state: milestoneState(record, name) })),
    currentAction: record.currentAction,
    toolsActive: record.toolsActive,
    toolsUsed: record.toolsUsed,
    estimatedDuration: record.estimatedDuration,
    missing: record.missing,
    lastHeardAt: record.lastHeardAt,
    lastAliveAt,
    silence: silenceOf(record, circumstances),
    clocks: record.clocks,
    handoffPolicy: record.handoffPolicy,
    tell: record.tell,
    waitingFor: record.waitingFor,
    holder: record.holder,
    recovery:
      record.state === 'RECOVERING' ? { attempt: record.attempt, of: record.clocks.recoveryDelaysMs.length } : null,
    checkpoint: record.checkpoint,
    outcome: record.completion?.outcome ?? null,
    summary: record.summary,
    evidence: record.evidence,
    lastError: record.lastError,
    counts: { ...record.counts, waitingMessages },
    gapsMs: record.gapsMs,
    streamSeq: record.streamSeq,
    createdAt: record.createdAt,
    startedAt: record.startedAt,
    endedAt: record.endedAt,
  };
}

function milestoneState(record: TaskRecord, name: string): Milestone['state'] {
  if (record.done.includes(name)) return 'done';
  return record.next === name && record.endedAt === null ? 'running' : 'waiting';
}

function silenceOf(record: TaskRecord, { now, nextAt }: TaskCircumstances): Task['silence'] {
  const next = nextClock(record);
  const isSilent = isWatched(record) && record.quietSince !== null;
  const due = next && new Date(Date.parse(next.since) + next.inMs).toISOString();
  return {
    forMs: isSilent ? msBetween(record.quietSince ?? now, now) : 0,
    since: isSilent ? record.quietSince : null,
    phase: isSilent ? record.phase : record.state === 'TAKEN_OVER' ? 'failed' : 'fresh',
    nextAt: next === null ? null : nextAt === undefined ? due : nextAt,
  };
}
