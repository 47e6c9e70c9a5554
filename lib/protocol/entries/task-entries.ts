import { z } from 'zod';
import { ServerName, TaskId } from '../ids';
import { JsonObject, JsonValue } from '../json';
import {
  HandoffPolicy,
  PrincipalNews,
  TaskClocks,
  TaskControlAction,
  TaskHolder,
  TaskPrincipal,
  TaskRunner,
} from '../task';
import { Checkpoint, TaskAnswer, TaskInstruction, TaskOutcome, TaskReport } from '../task-message';
import { Timestamp } from '../text';

/** Who wrote a report: the model itself, the SDK around it, a watcher of ours, Letta, or a person. */
export const ReportSource = z.enum(['model', 'sdk', 'acp', 'watchdog', 'letta', 'human']);
export type ReportSource = z.infer<typeof ReportSource>;

const messageIds = z.array(z.uuid()).min(1);

export const taskEntries = {
  'task.created': z.object({
    taskId: TaskId,
    parentTaskId: TaskId.nullable(),
    command: z.string(),
    purpose: z.string().nullable(),
    context: z.string().nullable(),
    priority: z.string().nullable(),
    principal: TaskPrincipal,
    runner: TaskRunner,
    milestones: z.array(z.string()),
    handoffPolicy: HandoffPolicy,
    tell: z.array(PrincipalNews),
    /** The Letta server on which the principal lives; null where it is no agent of one. */
    principalServer: ServerName.nullable(),
    clocks: TaskClocks,
    /** Of a sub-task that an agent made: its key, which has to do with it from then on. */
    madeByKey: z.string().optional(),
  }),
  /** `missing`: what an incomplete report left out. `hash` recognises a repetition: SHA-256 of the RFC 8785 text, hex. */
  'task.report_accepted': z.object({
    message: TaskReport,
    source: ReportSource,
    missing: z.array(z.string()),
    hash: z.string(),
  }),
  /** `raw` are at most 4 KiB of what came. */
  'task.report_refused': z.object({
    raw: z.string(),
    code: z.string(),
    reason: z.string(),
    fields: z.record(z.string(), z.string()),
    source: ReportSource,
  }),
  /** It came while the task was in other hands: kept, without effect. */
  'task.report_quarantined': z.object({ message: TaskReport, source: ReportSource, holder: TaskHolder.nullable() }),
  /** The principal's message in answer to the report that is the cause; `instructions` went along with it. */
  'task.answered': z.object({
    answer: TaskAnswer,
    instructions: z.array(TaskInstruction),
    by: z.enum(['policy', 'principal']),
  }),
  /** Waits to be handed to the agent. `expiresAt` null: as long as the task lasts. */
  'task.instruction_queued': z.object({
    messageId: z.uuid(),
    from: z.string(),
    kind: z.string(),
    content: z.string(),
    metadata: JsonValue.nullable(),
    message: TaskInstruction,
    expiresAt: Timestamp.nullable(),
  }),
  /** Recorded before it leaves. `again`: these were handed over before, and say so. */
  'task.instruction_delivered': z.object({
    messageIds,
    via: z.enum(['answer', 'socket', 'poll']),
    again: z.boolean(),
  }),
  /** The asker of a long poll had gone before they were written to it: they wait as before. */
  'task.instruction_returned': z.object({ messageIds }),
  'task.instruction_acknowledged': z.object({ messageIds }),
  'task.instruction_expired': z.object({ messageIds }),
  /** No report for as long as one is due (`updateEveryMs`). */
  'task.late': z.object({ silentMs: z.number() }),
  /** Asked for a sign; `messageId` is the x-STATUS_REQUEST. */
  'task.probed': z.object({ silentMs: z.number(), messageId: z.uuid(), respondWithinMs: z.number() }),
  'task.assumed_failed': z.object({ silentMs: z.number(), checkpoint: Checkpoint.nullable() }),
  /** One try: the agent is told to go on at its checkpoint. */
  'task.recovering': z.object({
    attempt: z.number().int().positive(),
    of: z.number().int().positive(),
    messageId: z.uuid(),
    checkpoint: Checkpoint.nullable(),
  }),
  /** `attempt` 0: it came back before the first try. */
  'task.recovered': z.object({
    attempt: z.number().int(),
    afterMs: z.number(),
    by: z.enum(['report', 'sign_of_life']),
  }),
  /** A decision of whoever is the actor; `messageId` is what the agent is told. */
  'task.controlled': z.object({
    action: TaskControlAction,
    reason: z.string().nullable(),
    messageId: z.uuid().nullable(),
    checkpoint: Checkpoint.nullable(),
  }),
  /** `holder` null: nobody yet; it stands in the inbox. What is needed to go on comes along. */
  'task.taken_over': z.object({
    holder: TaskHolder.nullable(),
    /** `given`: by somebody else, to the principal. `principal_gone`, `person_gone`: who held the task is no more. */
    why: z.enum(['person', 'given', 'recovery_failed', 'principal_gone', 'person_gone']),
    reason: z.string().nullable(),
    checkpoint: Checkpoint.nullable(),
    summary: z.string(),
    evidence: z.array(z.string()),
  }),
  'task.handed_back': z.object({ reason: z.string().nullable(), messageId: z.uuid() }),
  'task.ended': z.object({
    state: z.enum([...TaskOutcome.options, 'CANCELLED']),
    why: z.enum(['handoff_accepted', 'aborted', 'agent_gone_after_completion']),
    summary: z.string().nullable(),
    /** Since when a handoff that was accepted stood to be decided, however often it was asked for. */
    waitedMs: z.number().optional(),
  }),
  /** Recorded before it leaves: what the principal is told. `upTo`: everything up to this place of the stream is. */
  'task.principal_told': z.object({ otid: z.string(), text: z.string(), upTo: z.number().int().positive() }),
  /** What it said to that; `error` where it could not be told or did not answer. */
  'task.principal_answered': z.object({ otid: z.string(), text: z.string(), error: z.string().nullable() }),
  /** What a runner saw its agent do: compared with what the agent claims. */
  'task.tool_observed': z.object({ tool: z.string(), files: z.array(z.string()), detail: JsonObject.nullable() }),
} as const;
