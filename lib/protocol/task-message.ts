import { z } from 'zod';
import { JsonObject, JsonValue } from './json';

/** Time as seed 001 writes it: ISO-8601 in UTC, with or without fractions of a second. Kept as it came. */
const UtcTime = z.iso
  .datetime({ offset: true, error: 'must be a time in ISO-8601, such as 2025-07-15T19:30:00Z' })
  .refine((time) => /(Z|[+-]00:?00)$/.test(time), 'must be in UTC: end with Z');

/** The sender's own name for the agent, such as `task-agent-001`. */
const TaskAgentId = z
  .string()
  .min(1, 'must not be empty')
  .max(200, 'at most 200 characters')
  .refine((id) => !id.includes('\u0000'), 'must not contain U+0000');

/** An object that keeps members it does not know. */
const kept = <Shape extends z.ZodRawShape>(shape: Shape) => z.object(shape).catchall(JsonValue);

const text = z.string();
const nonEmpty = z.string().min(1, 'must not be empty');
const texts = z.array(z.string());
const percentage = z.number().min(0, 'a percentage is 0–100').max(100, 'a percentage is 0–100').optional();
const head = { timestamp: UtcTime, agent_id: TaskAgentId };

/**
 * The six messages of a task agent to its principal, as in seed 001, field for field. What names the event must be
 * there; anything else may be absent and is then asked for (`missingFields`), but what is there must be right. Members
 * that are not known are kept.
 */
export const Initialization = kept({
  type: z.literal('INITIALIZATION'),
  ...head,
  command: nonEmpty,
  status: z.literal('INITIALIZING').optional(),
  estimated_duration: text.optional(),
  tools_required: texts.optional(),
  context: text.optional(),
});

const ProgressUpdate = kept({
  type: z.literal('PROGRESS_UPDATE'),
  ...head,
  status: z.literal('IN_PROGRESS'),
  progress_percentage: percentage,
  current_action: text.optional(),
  tools_active: texts.optional(),
  milestones_completed: texts.optional(),
  next_milestone: text.optional(),
});

const MilestoneCompleted = kept({
  type: z.literal('MILESTONE_COMPLETED'),
  ...head,
  milestone: nonEmpty,
  progress_percentage: percentage,
  tools_used: texts.optional(),
  evidence: text.optional(),
  next_action: text.optional(),
});

const ErrorReport = kept({
  type: z.literal('ERROR_REPORT'),
  ...head,
  error_type: nonEmpty,
  error_details: text.optional(),
  recovery_action: text.optional(),
  blocking: z.boolean().optional(),
  estimated_delay: text.optional(),
});

/** How a task came out, in the words of its agent. */
export const TaskOutcome = z.enum(['SUCCESS', 'PARTIAL_SUCCESS', 'FAILED']);
export type TaskOutcome = z.infer<typeof TaskOutcome>;

const Completion = kept({
  type: z.literal('COMPLETION'),
  ...head,
  status: TaskOutcome,
  command: nonEmpty.optional(),
  duration: text.optional(),
  tools_used: texts.optional(),
  results_summary: text.optional(),
  evidence: texts.optional(),
  handoff_data: JsonObject.optional(),
});

const HandoffRequest = kept({
  type: z.literal('HANDOFF_REQUEST'),
  ...head,
  ready_for_handoff: z.boolean(),
  control_transfer: z.literal('READY').optional(),
  final_status: text.optional(),
  user_notification: text.optional(),
});

export const TaskReport = z.discriminatedUnion('type', [
  Initialization,
  ProgressUpdate,
  MilestoneCompleted,
  ErrorReport,
  Completion,
  HandoffRequest,
]);
export type TaskReport = z.infer<typeof TaskReport>;
export type TaskReportType = TaskReport['type'];

/** The members of each report in the seed's order, without `type`, `timestamp` and `agent_id`. */
export const reportFields = {
  INITIALIZATION: ['command', 'status', 'estimated_duration', 'tools_required', 'context'],
  PROGRESS_UPDATE: [
    'status',
    'progress_percentage',
    'current_action',
    'tools_active',
    'milestones_completed',
    'next_milestone',
  ],
  MILESTONE_COMPLETED: ['milestone', 'progress_percentage', 'tools_used', 'evidence', 'next_action'],
  ERROR_REPORT: ['error_type', 'error_details', 'recovery_action', 'blocking', 'estimated_delay'],
  COMPLETION: ['status', 'command', 'duration', 'tools_used', 'results_summary', 'evidence', 'handoff_data'],
  HANDOFF_REQUEST: ['ready_for_handoff', 'control_transfer', 'final_status', 'user_notification'],
} as const satisfies Record<TaskReportType, readonly string[]>;

/** What an incomplete report leaves out, in the seed's order; empty for a complete one. */
export const missingFields = (report: TaskReport): string[] =>
  reportFields[report.type].filter((field) => !(field in report));

/** Ours, in x-CONTROL. CONTINUE goes on after a pause or a doubt, RETRY begins again at a checkpoint. */
export const ControlAction = z.enum(['CONTINUE', 'PAUSE', 'ABORT', 'RETRY', 'TAKEOVER', 'HANDBACK']);
export type ControlAction = z.infer<typeof ControlAction>;

/** Where a retry begins: the last milestone, the place of its report in the task's stream, and what it left. */
export const Checkpoint = z.object({
  milestone: z.string(),
  seq: z.number().int().positive(),
  handoff_data: JsonObject,
});
export type Checkpoint = z.infer<typeof Checkpoint>;

/** To the task's agent by its own name; empty before it introduced itself. */
const toAgent = { timestamp: UtcTime, agent_id: z.string() };

/** `user_notified`: a person sees it. `continue_execution` false: paused, ended or in other hands. */
export const StatusAcknowledged = kept({
  type: z.literal('STATUS_ACKNOWLEDGED'),
  ...toAgent,
  acknowledged_message: z.string(),
  continue_execution: z.boolean(),
  user_notified: z.boolean(),
});

export const ControlAccepted = kept({
  type: z.literal('CONTROL_ACCEPTED'),
  ...toAgent,
  handoff_accepted: z.boolean(),
  task_completed: z.boolean(),
  user_notification: z.string(),
});

/** Names what must be told apart on its way. `redelivered`: it was handed over before, in whichever way. */
const carried = { message_id: z.uuid(), redelivered: z.boolean().optional() };

const StatusRequest = kept({
  type: z.literal('x-STATUS_REQUEST'),
  ...toAgent,
  ...carried,
  reason: z.string(),
  respond_within_seconds: z.number(),
  /** Fields that an incomplete report left out. */
  missing: texts.optional(),
});

const Instruction = kept({
  type: z.literal('x-INSTRUCTION'),
  ...toAgent,
  ...carried,
  from: z.string(),
  content: z.string(),
  kind: z.string(),
});

const Control = kept({
  type: z.literal('x-CONTROL'),
  ...toAgent,
  ...carried,
  action: ControlAction,
  reason: z.string().optional(),
  checkpoint: Checkpoint.optional(),
});

/** What answers a report. */
export const TaskAnswer = z.discriminatedUnion('type', [StatusAcknowledged, ControlAccepted]);
export type TaskAnswer = z.infer<typeof TaskAnswer>;

/** What goes to a task agent by the queue: with the next answer, by socket, or by long poll. */
export const TaskInstruction = z.discriminatedUnion('type', [
  StatusRequest,
  Instruction,
  Control,
  ControlAccepted.extend(carried),
]);
export type TaskInstruction = z.infer<typeof TaskInstruction>;
