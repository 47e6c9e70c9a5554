import type { PayloadOf } from '@/lib/protocol/entry';
import type { JsonValue } from '@/lib/protocol/json';
import type { ControlAction, TaskInstruction } from '@/lib/protocol/task-message';
import type { Circumstances, TaskFact, TaskRecord } from './task-record';

type Queued = Extract<TaskFact, { type: 'task.instruction_queued' }>;
type Words = Pick<PayloadOf<'task.instruction_queued'>, 'from' | 'kind' | 'content'> &
  Partial<Pick<PayloadOf<'task.instruction_queued'>, 'metadata' | 'expiresAt'>>;

const queued = (words: Words, message: TaskInstruction): Queued => ({
  type: 'task.instruction_queued',
  payload: { metadata: null, expiresAt: null, ...words, messageId: message.message_id, message },
});

const head = (record: TaskRecord, { now, nextId }: Circumstances) => ({
  timestamp: now,
  agent_id: record.agentId ?? '',
  message_id: nextId(),
});

/** Words of a person or principal for the agent. */
export const queueInstruction = (
  record: TaskRecord,
  words: { from: string; kind: string; content: string; metadata?: JsonValue; expiresAt: string | null },
  at: Circumstances,
): Queued => {
  const { from, kind, content, metadata, expiresAt } = words;
  return queued(
    { from, kind, content, expiresAt, metadata: metadata ?? null },
    { type: 'x-INSTRUCTION', ...head(record, at), from, content, kind },
  );
};

/** Asks the agent for a word: after silence, or for what a report left out. */
export const queueStatusRequest = (
  record: TaskRecord,
  { reason, respondWithinMs, missing }: { reason: string; respondWithinMs: number; missing?: string[] },
  at: Circumstances,
): Queued =>
  queued(
    { from: 'Parley', kind: 'status_request', content: reason },
    {
      type: 'x-STATUS_REQUEST',
      ...head(record, at),
      reason,
      respond_within_seconds: respondWithinMs / 1_000,
      ...(missing && { missing }),
    },
  );

/** Tells the agent what was decided about its task. */
export const queueControl = (
  record: TaskRecord,
  { from, action, reason }: { from: string; action: ControlAction; reason: string | null },
  at: Circumstances,
): Queued => {
  const withCheckpoint = action === 'RETRY' || action === 'HANDBACK';
  return queued(
    { from, kind: 'control', content: action },
    {
      type: 'x-CONTROL',
      ...head(record, at),
      action,
      ...(reason !== null && { reason }),
      ...(withCheckpoint && record.checkpoint && { checkpoint: record.checkpoint }),
    },
  );
};

/** CONTROL_ACCEPTED that comes after the answer to the request for handoff. */
export const queueAcceptance = (record: TaskRecord, from: string, text: string, at: Circumstances): Queued =>
  queued(
    { from, kind: 'handoff', content: text },
    {
      type: 'CONTROL_ACCEPTED',
      ...head(record, at),
      handoff_accepted: true,
      task_completed: isCompleted(record),
      user_notification: text,
    },
  );

/** Whether its agent says that the work is done, at least in part. */
export const isCompleted = ({ completion }: TaskRecord): boolean =>
  completion !== null && completion.outcome !== 'FAILED';
