import { randomUUID } from 'node:crypto';
import { applyTask } from '@/lib/domain/task/apply-task';
import { changeClock } from '@/lib/domain/task/next-clock';
import type { Circumstances, PlacedFact, TaskFact, TaskRecord, TaskRefusal } from '@/lib/domain/task/task-record';
import type { Actor } from '@/lib/protocol/actor';
import type { Entry } from '@/lib/protocol/entry';
import { AppError } from '@/lib/protocol/errors';
import type { TaskId, WorkspaceId } from '@/lib/protocol/ids';
import { taskStream } from '@/lib/protocol/stream';
import type { Clock } from '../clock';
import type { Command, DeadlineChange, Effect, IdempotencyKey, NewEntry, Queryable } from '../ledger/command';
import type { Ledger } from '../ledger/ledger';
import type { KnownTasks } from './known-tasks';
import { type LoadedTask, loadTask } from './load-task';
import { tellPrincipalEffects } from './tell-principal-effect';

/** The deadline at which the clock of a task goes on; its subject is the id of the task. */
export const TASK_CLOCK = 'task.clock';

/** What committing needs of the program. The runtime is one. */
export type TaskRuntime = { ledger: Ledger; clock: Clock };

/** What a decision comes to, with what it is answered with. */
export type TaskOutcomeOf<Answer> =
  | TaskRefusal
  | {
      ok: true;
      facts: TaskFact[];
      deadlines?: DeadlineChange[];
      effects?: Effect[];
      /** A sign of life that is no report, to be remembered. */
      aliveAt?: string;
      answer: (entries: Entry[], after: () => TaskRecord | null) => Answer;
    };

type TaskState = { loaded: LoadedTask | null; isArmed: boolean; now: Date };

export type TaskCommand<Answer> = {
  workspaceId: WorkspaceId;
  taskId: TaskId;
  actor: Actor;
  /** Of the report that comes, where one does. */
  hash?: string;
  /** Decides from what is remembered, where it is. Not for decisions that take `aliveAt` into account. */
  known?: KnownTasks;
  /** Of what is remembered: whether the decision may be made from it. Repetitions are surely known from rows only. */
  mayRemember?: (record: TaskRecord) => boolean;
  decide: (loaded: LoadedTask | null, at: Circumstances) => TaskOutcomeOf<Answer>;
  idempotency?: IdempotencyKey | undefined;
  consumes?: Command<unknown, unknown>['consumes'];
};

/**
 * Carries a decision about one task out: its facts into the task's stream, and its clock armed, moved or stopped, in one
 * transaction. Resolves with the answer. Throws the refusal.
 */
export function commitTask<Answer>(rt: TaskRuntime, command: TaskCommand<Answer>): Promise<Answer> {
  const { workspaceId, taskId, actor, hash, known, mayRemember, idempotency, consumes } = command;
  const stream = taskStream(taskId);
  const arrivedAt = rt.clock.now();
  return rt.ledger.append<TaskState, Answer>({
    workspaceId,
    actor,
    async load(db) {
      return {
        loaded: await loadTask(db, workspaceId, taskId, hash),
        isArmed: consumes === undefined || (await isArmed(db, workspaceId, consumes)),
        now: rt.clock.now(),
      };
    },
    decide({ loaded, isArmed, now }) {
      if (!isArmed) return { ok: false, code: 'deadline.moved', message: 'The deadline moved.' };
      const at = { now: now.toISOString(), nextId: randomUUID };
      const outcome = command.decide(loaded, at);
      if (!outcome.ok) return outcome;
      const before = loaded?.record ?? null;
      const placed = place(before, outcome.facts, at.now);
      const after = placed.reduce(applyTask, before);
      return {
        ok: true,
        // A report occurred here when it arrived: from then on its acknowledgement is measured.
        entries: outcome.facts.map((fact): NewEntry => {
          return fact.type === 'task.report_accepted'
            ? { ...fact, stream, occurredAt: arrivedAt }
            : { ...fact, stream };
        }),
        expects: [{ stream, streamSeq: before?.streamSeq ?? 0 }],
        deadlines: [...deadlineChange(before, after, loaded?.aliveAt ?? null, now), ...(outcome.deadlines ?? [])],
        effects: [...(outcome.effects ?? []), ...(after ? tellPrincipalEffects(after, placed) : [])],
        ...((consumes || outcome.aliveAt !== undefined) && {
          async write(db: Queryable) {
            if (consumes) await consume(db, workspaceId, consumes);
            if (outcome.aliveAt !== undefined) await rememberSign(db, workspaceId, taskId, outcome.aliveAt);
          },
        }),
        answer(entries) {
          return outcome.answer(entries, () => foldEntries(before, entries));
        },
      };
    },
    ...(known &&
      hash !== undefined && {
        memory: {
          recall() {
            const loaded = known.recall(taskId, hash);
            if (loaded && mayRemember && !mayRemember(loaded.record)) return null;
            return loaded && { loaded, isArmed: true, now: rt.clock.now() };
          },
          learn({ loaded }) {
            if (loaded) known.learn(taskId, loaded);
          },
        },
      }),
    ...(idempotency && { idempotency }),
  });
}

type Consumed = NonNullable<Command<unknown, unknown>['consumes']>;

async function isArmed(db: Queryable, workspaceId: WorkspaceId, { kind, subject, epoch }: Consumed): Promise<boolean> {
  const { rowCount } = await db.query(
    'SELECT 1 FROM deadline WHERE workspace_id = $1 AND kind = $2 AND subject = $3 AND epoch = $4',
    [workspaceId, kind, subject, epoch],
  );
  return rowCount === 1;
}

/**
 * Takes the deadline away in the transaction that acts on it. Not by the command's own `consumes`: such commands are
 * carried out one by one, and many deadlines come at once. Where a sign of life has armed it anew in the meantime, which
 * moves no stream, the batch fails and its commands are tried alone.
 */
async function consume(db: Queryable, workspaceId: WorkspaceId, { kind, subject, epoch }: Consumed): Promise<void> {
  const { rowCount } = await db.query(
    'DELETE FROM deadline WHERE workspace_id = $1 AND kind = $2 AND subject = $3 AND epoch = $4',
    [workspaceId, kind, subject, epoch],
  );
  if (rowCount === 0) throw new AppError('deadline.moved', `The deadline of ${subject} moved.`);
}

async function rememberSign(db: Queryable, workspaceId: WorkspaceId, taskId: TaskId, aliveAt: string): Promise<void> {
  await db.query('UPDATE task SET alive_at = $3 WHERE workspace_id = $1 AND id = $2', [workspaceId, taskId, aliveAt]);
}

/** The facts as the ledger will place them, if nobody comes between; then it decides again. */
const place = (before: TaskRecord | null, facts: readonly TaskFact[], receivedAt: string): PlacedFact[] =>
  facts.map((fact, index) => ({ ...fact, streamSeq: (before?.streamSeq ?? 0) + index + 1, receivedAt }));

function foldEntries(before: TaskRecord | null, entries: readonly Entry[]): TaskRecord | null {
  return entries.reduce<TaskRecord | null>((record, entry) => {
    // Every entry of this command is a fact about the task; the table of entries has many more.
    return applyTask(record, entry as Parameters<typeof applyTask>[1]);
  }, before);
}

function deadlineChange(
  before: TaskRecord | null,
  after: TaskRecord | null,
  aliveAt: string | null,
  now: Date,
): DeadlineChange[] {
  const change = changeClock(before, after, aliveAt, now.toISOString());
  if (!change || !after) return [];
  const target = { kind: TASK_CLOCK, subject: after.id };
  if (change.kind === 'disarm') return [{ ...target, disarm: true }];
  const { inMs, graceMs } = change;
  return [{ ...target, dueAt: new Date(now.getTime() + inMs), graceMs, data: {} }];
}
