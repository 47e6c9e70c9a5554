import type { taskEntries } from '@/lib/protocol/entries/task-entries';
import type { PayloadOf } from '@/lib/protocol/entry';
import type { ErrorCode } from '@/lib/protocol/errors';
import type { ServerName, TaskId } from '@/lib/protocol/ids';
import type {
  HandoffPolicy,
  PrincipalNews,
  Task,
  TaskClocks,
  TaskError,
  TaskHolder,
  TaskPrincipal,
  TaskRunner,
  TaskState,
  TaskWait,
} from '@/lib/protocol/task';
import type { Checkpoint, TaskInstruction, TaskOutcome } from '@/lib/protocol/task-message';

/** How far the clock of silence has come: see TaskSilence. */
export type SilencePhase = Task['silence']['phase'];

/** What a completion said; where it stands in the stream. */
export type TaskCompletion = {
  outcome: TaskOutcome;
  duration: string | null;
  summary: string | null;
  evidence: string[];
  streamSeq: number;
};

/**
 * All that the entries of one task come to: what decisions about it are made from, and what `Task` is shown from. Plain
 * JSON of bounded size. Times are ISO-8601.
 */
export type TaskRecord = {
  id: TaskId;
  streamSeq: number;
  parentTaskId: TaskId | null;
  /** The key of the agent that made it as a sub-task. Absent in records from before there were such. */
  madeByKey?: string | undefined;
  command: string;
  purpose: string | null;
  context: string | null;
  priority: string | null;
  principal: TaskPrincipal;
  runner: TaskRunner;
  plan: string[];
  handoffPolicy: HandoffPolicy;
  tell: PrincipalNews[];
  principalServer: ServerName | null;
  /** Up to where the principal was told, and what it has not answered yet. */
  toldUpTo: number;
  asked: { otid: string; text: string } | null;
  clocks: TaskClocks;
  state: TaskState;
  agentId: string | null;
  /** Where the agent's reports count from: its last word, or the moment it was told to go on. */
  quietSince: string | null;
  phase: SilencePhase;
  /** When the present step of the clock began. */
  clockSince: string | null;
  /** Tries of the recovery under way. */
  attempt: number;
  failedAt: string | null;
  waitingFor: TaskWait | null;
  holder: TaskHolder | null;
  percentage: number | null;
  estimated: boolean;
  wentBackFrom: number | null;
  /** Names of milestones in their order: those of the plan, then those that reports named. */
  milestones: string[];
  done: string[];
  next: string | null;
  currentAction: string | null;
  toolsActive: string[];
  toolsUsed: string[];
  estimatedDuration: string | null;
  missing: string[];
  checkpoint: Checkpoint | null;
  completion: TaskCompletion | null;
  handoffRequested: boolean;
  summary: string | null;
  evidence: string[];
  lastError: TaskError | null;
  counts: { reports: number; refused: number; quarantined: number; errors: number; late: number };
  gapsMs: number[];
  lastHeardAt: string | null;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
};

export type TaskEntryType = keyof typeof taskEntries;

/** A fact about a task, before it has its place. `cause` is a seq, or the index of an earlier fact of the same decision. */
export type TaskFact = {
  [T in TaskEntryType]: { type: T; payload: PayloadOf<T>; cause?: number | { index: number } };
}[TaskEntryType];

/** A fact with its place in the stream: an entry is one. */
export type PlacedFact = {
  [T in TaskEntryType]: { type: T; payload: PayloadOf<T>; streamSeq: number; receivedAt: string };
}[TaskEntryType];

/** An instruction that was queued and of which the agent has not shown that it has it, oldest first. */
export type OpenMessage = {
  messageId: string;
  status: 'queued' | 'delivered';
  message: TaskInstruction;
  expiresAt: string | null;
  /** When it was pushed to a socket, as long as nothing else has handed it over since; else absent or null. */
  pushedAt?: string | null;
};

export type TaskRefusal = { ok: false; code: ErrorCode; message: string; fields?: Record<string, string> };

export type TaskDecision = { ok: true; facts: TaskFact[] } | TaskRefusal;

/** What a decision may not make by itself: the time, and names. `now` is ISO-8601. */
export type Circumstances = { now: string; nextId: () => string };

export const isSameHolder = (one: TaskHolder | null, other: TaskHolder | null): boolean =>
  one !== null && other !== null && one.kind === other.kind && one.id === other.id;

/** Milliseconds from one ISO time to another; never negative, whatever the clocks do. */
export const msBetween = (from: string, to: string): number => Math.max(0, Date.parse(to) - Date.parse(from));
