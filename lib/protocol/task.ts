import { z } from 'zod';
import { TaskId, TaskMessageId } from './ids';
import { JsonValue } from './json';
import { PageQuery } from './page';
import { Checkpoint, ControlAction, TaskInstruction, TaskOutcome } from './task-message';
import { MessageText, Name, Timestamp } from './text';

/**
 * QUEUED → INITIALIZING → RUNNING ⇄ WAITING (for a person or the principal) → HANDOFF_PENDING → an outcome; beside them
 * PROBING (silent, asked), RECOVERING (assumed failed, told to begin again) and TAKEN_OVER (in other hands).
 */
export const taskStates = [
  'QUEUED',
  'INITIALIZING',
  'RUNNING',
  'WAITING',
  'HANDOFF_PENDING',
  'SUCCESS',
  'PARTIAL_SUCCESS',
  'FAILED',
  'CANCELLED',
  'PROBING',
  'RECOVERING',
  'TAKEN_OVER',
] as const;
export const TaskState = z.enum(taskStates);
export type TaskState = z.infer<typeof TaskState>;

const endings: readonly TaskState[] = ['SUCCESS', 'PARTIAL_SUCCESS', 'FAILED', 'CANCELLED'];
export const isTaskOver = (state: TaskState): boolean => endings.includes(state);

export const TaskRunner = z.enum(['external', 'simulated', 'claude-code', 'acp']);
export type TaskRunner = z.infer<typeof TaskRunner>;

/** For whom a task is carried out. `name` is for reading. */
export const TaskPrincipal = z.object({ kind: z.enum(['agent', 'person']), id: z.string(), name: z.string() });
export type TaskPrincipal = z.infer<typeof TaskPrincipal>;

/** In whose hands a task is that was taken over. */
export const TaskHolder = z.object(TaskPrincipal.shape);
export type TaskHolder = z.infer<typeof TaskHolder>;

/**
 * What becomes of a request for handoff. `accept_with_evidence`: accepted at once where a completion with evidence is
 * there, else decided by the principal. `ask`: always decided by the principal. `accept`: always at once.
 */
export const HandoffPolicy = z.enum(['accept_with_evidence', 'ask', 'accept']);
export type HandoffPolicy = z.infer<typeof HandoffPolicy>;

/** What a principal that is a Letta agent is told in words of its own. */
export const PrincipalNews = z.enum(['announcement', 'milestone', 'error', 'completion', 'handoff', 'takeover']);
export type PrincipalNews = z.infer<typeof PrincipalNews>;

/** What a clock of a task may be, in milliseconds. */
export const clockBounds = { leastMs: 10, mostMs: 86_400_000 } as const;
const duration = z.number().int().min(clockBounds.leastMs, 'at least 10 ms').max(clockBounds.mostMs, 'at most a day');

/** All in milliseconds. `recoveryDelaysMs`: the pause before each try. */
export const TaskClocks = z.object({
  updateEveryMs: duration,
  silenceMs: duration,
  graceMs: duration,
  recoveryDelaysMs: z.array(duration).min(1).max(10),
});
export type TaskClocks = z.infer<typeof TaskClocks>;

/** Seed 001: an update every 30 s, asked after 60 s of silence, failed 30 s later, three tries within 10 s. */
export const defaultClocks: TaskClocks = {
  updateEveryMs: 30_000,
  silenceMs: 60_000,
  graceMs: 30_000,
  recoveryDelaysMs: [1_000, 3_000, 5_000],
};

export const Milestone = z.object({ name: z.string(), state: z.enum(['waiting', 'running', 'done']) });
export type Milestone = z.infer<typeof Milestone>;

/**
 * `late`: no report for longer than `updateEveryMs`. `probing`: asked for a sign. `failed`: assumed failed, and being
 * recovered or taken over. While nothing is expected of the agent the phase is `fresh` and `nextAt` null.
 */
export const TaskSilence = z.object({
  forMs: z.number(),
  /** From when it counts: the last word, or the moment at which the agent was told to go on. */
  since: Timestamp.nullable(),
  phase: z.enum(['fresh', 'late', 'probing', 'failed']),
  /** When the next step of the clock is due: late → asked → no answer → each try → taken over. */
  nextAt: Timestamp.nullable(),
});
export type TaskSilence = z.infer<typeof TaskSilence>;

export const TaskWait = z.enum(['resume', 'blocking_error', 'handoff_request', 'handoff_decision']);
export type TaskWait = z.infer<typeof TaskWait>;

export const TaskError = z.object({
  type: z.string(),
  details: z.string().nullable(),
  recoveryAction: z.string().nullable(),
  blocking: z.boolean(),
  at: Timestamp,
});
export type TaskError = z.infer<typeof TaskError>;

export const Task = z.object({
  id: TaskId,
  parentTaskId: TaskId.nullable(),
  command: z.string(),
  purpose: z.string().nullable(),
  context: z.string().nullable(),
  priority: z.string().nullable(),
  state: TaskState,
  principal: TaskPrincipal,
  runner: TaskRunner,
  /** The agent that introduced itself, by its own name; null before. */
  agentId: z.string().nullable(),
  /** `estimated`: not reported but worked out; `wentBackFrom`: the figure before, where the last one is smaller. */
  progress: z.object({
    percentage: z.number().nullable(),
    estimated: z.boolean(),
    wentBackFrom: z.number().nullable(),
  }),
  milestones: z.array(Milestone),
  currentAction: z.string().nullable(),
  toolsActive: z.array(z.string()),
  toolsUsed: z.array(z.string()),
  estimatedDuration: z.string().nullable(),
  /** What the last report left out and was asked for. */
  missing: z.array(z.string()),
  lastHeardAt: Timestamp.nullable(),
  /** A sign of life that is no report: life without progress. */
  lastAliveAt: Timestamp.nullable(),
  silence: TaskSilence,
  clocks: TaskClocks,
  handoffPolicy: HandoffPolicy,
  /** Of what the principal is told, where it is an agent of a connected Letta server. */
  tell: z.array(PrincipalNews),
  /** For what a task in WAITING or HANDOFF_PENDING waits; `handoff_request` is the agent's to send. */
  waitingFor: TaskWait.nullable(),
  holder: TaskHolder.nullable(),
  recovery: z.object({ attempt: z.number(), of: z.number() }).nullable(),
  checkpoint: Checkpoint.nullable(),
  outcome: TaskOutcome.nullable(),
  summary: z.string().nullable(),
  evidence: z.array(z.string()),
  lastError: TaskError.nullable(),
  /** `waitingMessages`: instructions that the agent has not got yet. */
  counts: z.object({
    reports: z.number(),
    refused: z.number(),
    quarantined: z.number(),
    errors: z.number(),
    late: z.number(),
    waitingMessages: z.number(),
  }),
  /** Pauses between the last reports in milliseconds, oldest first, at most 24. */
  gapsMs: z.array(z.number()),
  /** Last place in the stream that this is folded from: watch from here. */
  streamSeq: z.number().int(),
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
});
export type Task = z.infer<typeof Task>;

const NewMilestone = z
  .union([Name, z.strictObject({ name: Name })])
  .transform((milestone) => (typeof milestone === 'string' ? milestone : milestone.name));

/** Without `principal`: the person who makes it. Without `clocks`, or parts of them: those of the seed. */
export const NewTask = z.strictObject({
  command: z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(2_000, 'at most 2,000 characters')
    .refine((command) => !command.includes('\u0000'), 'must not contain U+0000'),
  purpose: MessageText.optional(),
  context: MessageText.optional(),
  priority: Name.optional(),
  parentTaskId: TaskId.optional(),
  principal: z.strictObject({ kind: z.enum(['agent', 'person']), id: Name }).optional(),
  runner: TaskRunner.default('external'),
  milestones: z.array(NewMilestone).max(100).default([]),
  handoffPolicy: HandoffPolicy.default('accept_with_evidence'),
  tell: z
    .array(PrincipalNews)
    .max(20)
    .default([...PrincipalNews.options]),
  clocks: TaskClocks.strict()
    .partial()
    .refine(({ updateEveryMs = 0, silenceMs = updateEveryMs }) => silenceMs >= updateEveryMs, {
      error: 'must not be shorter than updateEveryMs',
      path: ['silenceMs'],
    })
    .default({}),
});
export type NewTask = z.infer<typeof NewTask>;

/** Query of the list, newest first; every filter may be left out. `state` takes several, with commas. */
export const TaskQuery = PageQuery.extend({
  state: z
    .string()
    .transform((states) => states.split(','))
    .pipe(z.array(TaskState))
    .optional(),
  principal: Name.optional(),
  runner: TaskRunner.optional(),
  parent: TaskId.optional(),
  q: Name.optional(),
});
export type TaskQuery = z.infer<typeof TaskQuery>;

/** What a person or principal may do; ACCEPT accepts a handoff that waits for a decision and is told as CONTROL_ACCEPTED. */
export const TaskControlAction = z.enum([...ControlAction.options, 'ACCEPT']);
export type TaskControlAction = z.infer<typeof TaskControlAction>;

/** `give: principal`, with TAKEOVER: into the hands of the principal instead of one's own. */
export const ControlTask = z.strictObject({
  action: TaskControlAction,
  reason: MessageText.optional(),
  give: z.enum(['me', 'principal']).default('me'),
});
export type ControlTask = z.infer<typeof ControlTask>;

/** `kind`: guidance, priority_change, clarification, … Without `expiresInSeconds` it waits as long as the task lasts. */
export const InstructTask = z.strictObject({
  content: MessageText,
  kind: Name.default('guidance'),
  expiresInSeconds: z.number().int().min(1).max(604_800).optional(),
});
export type InstructTask = z.infer<typeof InstructTask>;

/** The seed's queue, `/messages/task/:taskId`. */
export const QueueTaskMessage = z.strictObject({
  from: Name,
  content: MessageText,
  metadata: JsonValue.optional(),
  expiresInSeconds: z.number().int().min(1).max(604_800).optional(),
});
export type QueueTaskMessage = z.infer<typeof QueueTaskMessage>;

/** With `wait`, whoever asks is the receiver: it waits so many seconds for what is not delivered yet, and gets that. */
export const TaskMessagesQuery = PageQuery.extend({
  wait: z.coerce.number().min(0, 'wait is 0–60 seconds').max(60, 'wait is 0–60 seconds').optional(),
});
export type TaskMessagesQuery = z.infer<typeof TaskMessagesQuery>;

/**
 * An instruction with its receipt. `message` is what its agent gets: a control has its action and checkpoint there.
 * `delivery`: the way in which it was handed over first.
 */
export const TaskMessage = z.object({
  messageId: z.uuid(),
  taskId: TaskId,
  from: z.string(),
  content: z.string(),
  kind: z.string(),
  metadata: JsonValue.nullable(),
  message: TaskInstruction,
  status: z.enum(['queued', 'delivered', 'acknowledged', 'expired']),
  delivery: z.enum(['answer', 'socket', 'poll']).nullable(),
  redelivered: z.boolean(),
  createdAt: Timestamp,
  deliveredAt: Timestamp.nullable(),
  acknowledgedAt: Timestamp.nullable(),
  expiresAt: Timestamp.nullable(),
});
export type TaskMessage = z.infer<typeof TaskMessage>;

/** Says that an agent lives, without a report. `acknowledge`: instructions that it has read. */
export const TaskHeartbeat = z.strictObject({ acknowledge: z.array(TaskMessageId).max(500).default([]) });
export type TaskHeartbeat = z.infer<typeof TaskHeartbeat>;

export const DisplayQuery = z.object({ format: z.enum(['text', 'ansi']).default('text') });

/** One rule of P55 or P56. `value` and `limit` are in `unit`; null where nothing was measured. `entries` prove it. */
export const ComplianceCheck = z.object({
  rule: z.string(),
  principle: z.enum(['P55', 'P56']),
  about: z.string(),
  value: z.number().nullable(),
  unit: z.string(),
  limit: z.number().nullable(),
  verdict: z.enum(['held', 'broken', 'unknown']),
  entries: z.array(z.number().int().positive()),
  /** What was claimed and not observed, or is missing. */
  details: z.array(z.string()),
});
export type ComplianceCheck = z.infer<typeof ComplianceCheck>;

/** `score`: share of the checks with a verdict that held, 0–1; null without any. */
export const TaskCompliance = z.object({ score: z.number().nullable(), checks: z.array(ComplianceCheck) });
export type TaskCompliance = z.infer<typeof TaskCompliance>;
