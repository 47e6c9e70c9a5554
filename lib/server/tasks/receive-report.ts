import { decideReport } from '@/lib/domain/task/decide-report';
import { isExpected } from '@/lib/domain/task/fitting-reports';
import type { Circumstances, TaskFact, TaskRecord } from '@/lib/domain/task/task-record';
import { taskEntries } from '@/lib/protocol/entries/task-entries';
import type { Entry, PayloadOf, WireEntry } from '@/lib/protocol/entry';
import { AppError, type ErrorCode } from '@/lib/protocol/errors';
import type { TaskId } from '@/lib/protocol/ids';
import { taskStream } from '@/lib/protocol/stream';
import type { ReportAnswer } from '@/lib/protocol/task-report';
import type { Caller } from '../access/caller';
import { readStream } from '../ledger/read-entries';
import type { Runtime } from '../runtime';
import { commitTask, type TaskOutcomeOf } from './commit-task';
import type { LoadedTask } from './load-task';
import { type ParsedReport, parseReport, unreadableReport } from './parse-report';
import { hasToDoWith, holderOf, maySpeakAs, notFound } from './task-scope';

/** `repeated`: it was accepted before, and this is the answer of then. */
export type Received = ReportAnswer & { repeated: boolean };

type Outcome =
  | { kind: 'accepted'; entry: Entry; answer: PayloadOf<'task.answered'> }
  | { kind: 'repeated'; streamSeq: number }
  | { kind: 'declined'; code: ErrorCode; message: string; fields: Record<string, string> };

/** The entries of one report stand close together: its answer follows within so many. */
const ANSWER_WITHIN = 10;

type ReportRuntime = Pick<Runtime, 'ledger' | 'clock' | 'database' | 'knownTasks'>;

/**
 * A report of a task's agent, as it came. Accepted, it is answered with the principal's message and the instructions
 * that were waiting. What is refused or comes while the task is in other hands is kept, and then told as an error.
 * `seen`: messages that were pushed to the socket by which it comes.
 * @throws AppError `request.invalid`, `request.too_large`, `auth.forbidden`, `task.not_found`, `task.state`,
 * `task.taken_over`
 */
export const receiveReport = (
  rt: ReportRuntime,
  caller: Caller,
  taskId: TaskId,
  body: unknown,
  seen?: ReadonlySet<string>,
): Promise<Received> => receive(rt, caller, taskId, parseReport(body), seen);

/**
 * What came in the place of a report and is none, not even JSON: kept as refused, where the task is there.
 * @throws AppError that with which it was refused, or as receiveReport.
 */
export async function refuseReport(
  rt: ReportRuntime,
  caller: Caller,
  taskId: TaskId,
  unreadable: { bytes: Uint8Array; error: AppError },
): Promise<void> {
  await receive(rt, caller, taskId, unreadableReport(unreadable));
}

async function receive(
  rt: ReportRuntime,
  caller: Caller,
  taskId: TaskId,
  parsed: ParsedReport,
  seen?: ReadonlySet<string>,
): Promise<Received> {
  const { workspaceId, actor } = caller;
  const outcome = await commitTask<Outcome>(rt, {
    workspaceId,
    taskId,
    actor,
    // A report begins the clock anew, or leaves it as it is: signs of life between reports do not matter to it.
    // What would be declined may be the repetition of one that was accepted long ago: that is looked up.
    ...(parsed.ok && {
      hash: parsed.hash,
      known: rt.knownTasks,
      mayRemember: (record: TaskRecord) => isExpected(record, parsed.message),
    }),
    decide: (loaded, at) => decide({ caller, taskId, parsed, seen }, loaded, at),
  });
  if (outcome.kind === 'declined') {
    const { code, message, fields } = outcome;
    throw new AppError(code, message, Object.keys(fields).length > 0 ? { fields } : {});
  }
  if (outcome.kind === 'repeated') return repeat(rt, caller, taskId, outcome.streamSeq);
  const { answer, instructions } = outcome.answer;
  return { answer, instructions, entry: outcome.entry, repeated: false };
}

type Arrival = { caller: Caller; taskId: TaskId; parsed: ParsedReport; seen: ReadonlySet<string> | undefined };

function decide(
  { caller, taskId, parsed, seen }: Arrival,
  loaded: LoadedTask | null,
  at: Circumstances,
): TaskOutcomeOf<Outcome> {
  if (!loaded) {
    const { code, message, fields } =
      caller.agentScope === null && !parsed.ok ? parsed.error : notFound(caller, taskId);
    return { ok: false, code, message, ...(fields && { fields }) };
  }
  const source = caller.agentScope === null ? 'human' : 'sdk';
  const declined = (facts: TaskFact[], code: ErrorCode, message: string, fields: Record<string, string>) => ({
    ok: true as const,
    facts,
    answer: (): Outcome => ({ kind: 'declined', code, message, fields }),
  });
  const refused = ({ code, message, fields = {} }: Pick<AppError, 'code' | 'message' | 'fields'>) =>
    declined(
      [{ type: 'task.report_refused', payload: { raw: parsed.raw, code, reason: message, fields, source } }],
      code,
      message,
      fields,
    );
  if (!hasToDoWith(caller, loaded.record)) return refused(notFound(caller, taskId));
  if (!parsed.ok) {
    const { code, message, fields } = parsed.error;
    return refused({ code, message: `${message} Send the report again, mended.`, fields });
  }
  const { message, raw, hash } = parsed;
  if (!maySpeakAs(caller, message.agent_id)) {
    const fields = { agent_id: 'not an agent of this key' };
    return refused({ code: 'auth.forbidden', message: `This key does not speak for ${message.agent_id}.`, fields });
  }
  const { repeats } = loaded;
  if (repeats !== null) return { ok: true, facts: [], answer: () => ({ kind: 'repeated', streamSeq: repeats }) };
  const by =
    caller.agentScope === null
      ? holderOf(caller, loaded.record)
      : { kind: 'agent' as const, id: message.agent_id, name: message.agent_id };
  const report = { message, raw, hash, source, by, ...(seen && { seen }) } as const;
  const decision = decideReport(loaded.record, report, loaded.open, at);
  if (decision.kind === 'declined') return declined(decision.facts, decision.code, decision.message, decision.fields);
  return {
    ok: true,
    facts: decision.facts,
    answer: ([entry]) => {
      if (!entry) throw new Error('an accepted report is an entry');
      const { answer, instructions } = decision;
      return { kind: 'accepted', entry, answer: { answer, instructions, by: 'policy' } };
    },
  };
}

/** The answer of then, read from the stream; its instructions are marked as handed over before. */
async function repeat(
  rt: Pick<Runtime, 'database'>,
  { workspaceId }: Caller,
  taskId: TaskId,
  streamSeq: number,
): Promise<Received> {
  const entries = await readStream(rt.database.pool, workspaceId, taskStream(taskId), {
    after: streamSeq - 1,
    limit: ANSWER_WITHIN,
  });
  const [entry, ...after] = entries;
  const answered = after.find((each) => each.type === 'task.answered' && each.cause === entry?.seq);
  if (!entry || !answered) throw new Error(`the report at ${streamSeq} of task ${taskId} has no answer`);
  const { answer, instructions } = requireAnswer(answered);
  return {
    answer,
    instructions: instructions.map((instruction) => ({ ...instruction, redelivered: true })),
    entry,
    repeated: true,
  };
}

function requireAnswer({ payload }: WireEntry): PayloadOf<'task.answered'> {
  const parsed = taskEntries['task.answered'].safeParse(payload);
  if (parsed.success) return parsed.data;
  throw new AppError('task.state', 'The answer to this report was redacted.');
}
