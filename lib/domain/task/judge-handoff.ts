import { msBetween, type TaskFact, type TaskRecord } from './task-record';

/** Whether a handoff that stands as `record` says is accepted at once, without asking anyone. */
export function isHandoffAccepted(record: TaskRecord): boolean {
  if (record.state !== 'HANDOFF_PENDING' || !record.handoffRequested || record.completion === null) return false;
  if (record.handoffPolicy === 'ask') return false;
  return record.handoffPolicy === 'accept' || hasEvidence(record);
}

export const hasEvidence = ({ completion }: TaskRecord): boolean => (completion?.evidence.length ?? 0) > 0;

const said = {
  SUCCESS: (command: string) => `✅ ${command} completed successfully.`,
  PARTIAL_SUCCESS: (command: string) => `⚠️ ${command} completed in part.`,
  FAILED: (command: string) => `❌ ${command} failed.`,
} as const;

/** What a person reads when control has come back. */
export function notificationOf({ command, completion, summary }: TaskRecord): string {
  const first = completion ? said[completion.outcome](command) : `⚠️ ${command} was handed over without a completion.`;
  return summary ? `${first} ${summary}` : first;
}

/** The end of a task whose handoff is accepted at `now`. Without a completion nobody claims that it succeeded. */
export const handoffAccepted = (record: TaskRecord, now: string): TaskFact => ({
  type: 'task.ended',
  payload: {
    state: record.completion?.outcome ?? 'PARTIAL_SUCCESS',
    why: 'handoff_accepted',
    summary: record.summary,
    ...(record.waitingFor === 'handoff_decision' &&
      record.clockSince !== null && { waitedMs: msBetween(record.clockSince, now) }),
  },
});
