import { takenOver } from './decide-control';
import { handoffAccepted, hasEvidence, notificationOf } from './judge-handoff';
import { type ClockStep, nextClock } from './next-clock';
import { queueAcceptance, queueControl, queueStatusRequest } from './queue-message';
import { type Circumstances, msBetween, type TaskDecision, type TaskFact, type TaskRecord } from './task-record';

const silentMs = ({ quietSince }: TaskRecord, { now }: Circumstances): number =>
  quietSince === null ? 0 : msBetween(quietSince, now);

const steps: { [S in ClockStep]: (record: TaskRecord, at: Circumstances) => TaskFact[] } = {
  late: (record, at) => [{ type: 'task.late', payload: { silentMs: silentMs(record, at) } }],

  probe: (record, at) => {
    const respondWithinMs = record.clocks.graceMs;
    const seconds = Math.round(silentMs(record, at) / 1_000);
    const told = queueStatusRequest(record, { reason: `No report for ${seconds} s.`, respondWithinMs }, at);
    const { messageId } = told.payload;
    return [
      { type: 'task.probed', payload: { silentMs: silentMs(record, at), messageId, respondWithinMs } },
      { ...told, cause: { index: 0 } },
    ];
  },

  // An agent that is gone after its completion has done its work: only the ceremony of the handoff is missing.
  fail: (record, at) =>
    record.completion !== null
      ? [
          {
            type: 'task.ended',
            payload: { state: record.completion.outcome, why: 'agent_gone_after_completion', summary: record.summary },
          },
        ]
      : [{ type: 'task.assumed_failed', payload: { silentMs: silentMs(record, at), checkpoint: record.checkpoint } }],

  recover: (record, at) => {
    const attempt = record.attempt + 1;
    const reason = `No sign of life. Go on from the checkpoint (try ${attempt}).`;
    const told = queueControl(record, { from: 'Parley', action: 'RETRY', reason }, at);
    const { checkpoint } = record;
    const of = record.clocks.recoveryDelaysMs.length;
    return [
      { type: 'task.recovering', payload: { attempt, of, messageId: told.payload.messageId, checkpoint } },
      { ...told, cause: { index: 0 } },
    ];
  },

  give_up: (record) => {
    const holder = record.principal.kind === 'agent' ? record.principal : null;
    const reason = `The agent did not come back after ${record.attempt} tries.`;
    return [takenOver(record, { holder, why: 'recovery_failed', reason })];
  },

  // The principal let its time pass: the policy answers, where it can.
  handoff: (record, at) => {
    if (!hasEvidence(record)) return [];
    const told = queueAcceptance(record, 'Parley', notificationOf(record), at);
    return [told, { ...handoffAccepted(record, at.now), cause: { index: 0 } }];
  },
};

/** The deadline of a task has come: what follows from the step at which its clock stands. No facts: nothing to do. */
export function decideClock(record: TaskRecord, at: Circumstances): TaskDecision {
  const next = nextClock(record);
  return { ok: true, facts: next === null ? [] : steps[next.step](record, at) };
}
