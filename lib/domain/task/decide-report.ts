import type { ReportSource } from '@/lib/protocol/entries/task-entries';
import type { ErrorCode } from '@/lib/protocol/errors';
import type { TaskHolder } from '@/lib/protocol/task';
import { missingFields, type TaskAnswer, type TaskInstruction, type TaskReport } from '@/lib/protocol/task-message';
import { applyTask } from './apply-task';
import { fittingReports, isItsAgent } from './fitting-reports';
import { handoffAccepted, isHandoffAccepted, notificationOf } from './judge-handoff';
import { isCompleted, queueAcceptance, queueStatusRequest } from './queue-message';
import {
  type Circumstances,
  isSameHolder,
  msBetween,
  type OpenMessage,
  type TaskFact,
  type TaskRecord,
} from './task-record';

/** At most so many instructions go along with one answer; the others with the next. */
const INSTRUCTIONS_MAX = 50;
/** What was pushed to a socket so long ago, and of which nobody has shown that it arrived, goes along with an answer. */
const RECEIPT_MS = 10_000;

/**
 * A report that parses. `hash` recognises a repetition, which is answered before this decision. `by`: whoever sends it.
 * `seen`: messages that were pushed to the socket by which it comes.
 */
export type ArrivedReport = {
  message: TaskReport;
  raw: string;
  hash: string;
  source: ReportSource;
  by: TaskHolder;
  seen?: ReadonlySet<string>;
};

/**
 * Accepted: with its answer and the instructions that go along. Else `facts` keep what came, as refused or quarantined,
 * and the sender is told `code`.
 */
export type ReportDecision =
  | { kind: 'accepted'; facts: TaskFact[]; answer: TaskAnswer; instructions: TaskInstruction[] }
  | { kind: 'declined'; facts: TaskFact[]; code: ErrorCode; message: string; fields: Record<string, string> };

/** Decides about a report. `open` are the instructions that the agent has not shown to have, oldest first. */
export function decideReport(
  record: TaskRecord,
  report: ArrivedReport,
  open: readonly OpenMessage[],
  at: Circumstances,
): ReportDecision {
  const { message, source } = report;
  const isHolders = isSameHolder(record.holder, report.by);
  const isTaken = record.holder !== null || record.state === 'TAKEN_OVER';
  if (!isHolders && !isItsAgent(record, message)) {
    return refused(report, 'auth.forbidden', `This task is carried out by another agent than ${message.agent_id}.`, {
      agent_id: 'not the agent of this task',
    });
  }
  if (isTaken && !isHolders) {
    const who = record.holder ? `${record.holder.name} holds it` : 'it waits for somebody to go on with it';
    return {
      kind: 'declined',
      facts: [{ type: 'task.report_quarantined', payload: { message, source, holder: record.holder } }],
      code: 'task.taken_over',
      message: `The task was taken over and ${who}; the report is kept in quarantine.`,
      fields: { state: record.state, fits: '' },
    };
  }
  const fits = fittingReports(record);
  if (!fits.includes(message.type)) {
    const would = fits.length > 0 ? `What fits is ${fits.join(', ')}.` : 'Nothing more is expected.';
    return refused(report, 'task.state', `The task is ${record.state}, and ${message.type} does not fit. ${would}`, {
      state: record.state,
      fits: fits.join(', '),
    });
  }
  return accepted(record, report, open, at);
}

const refused = (
  { raw, source }: ArrivedReport,
  code: ErrorCode,
  message: string,
  fields: Record<string, string>,
): ReportDecision => ({
  kind: 'declined',
  facts: [{ type: 'task.report_refused', payload: { raw, code, reason: message, fields, source } }],
  code,
  message,
  fields,
});

function accepted(
  record: TaskRecord,
  { message, hash, source, seen = new Set() }: ArrivedReport,
  open: readonly OpenMessage[],
  at: Circumstances,
): ReportDecision {
  const missing = missingFields(message);
  const arrival: TaskFact = { type: 'task.report_accepted', payload: { message, source, missing, hash } };
  const after = requireRecord(applyTask(record, { ...arrival, streamSeq: record.streamSeq + 1, receivedAt: at.now }));
  const cause = { index: 0 };
  const isAccepted = isHandoffAccepted(after);
  const isAnsweredSo = isAccepted && message.type === 'HANDOFF_REQUEST';
  const queued = [
    ...(missing.length > 0 ? [askFor(after, missing, at)] : []),
    ...(isAccepted && !isAnsweredSo ? [queueAcceptance(after, 'Parley', notificationOf(after), at)] : []),
  ];
  const { receipts, handedOver } = handOver(
    { message, seen },
    open,
    queued.flatMap(({ payload }) => payload.message),
    at,
  );
  const answer = isAnsweredSo ? controlAccepted(after, message, at) : acknowledged(after, message, at);
  const instructions = handedOver.map(({ message: instruction }) => instruction);
  return {
    kind: 'accepted',
    answer,
    instructions,
    facts: [
      arrival,
      ...recovery(record, at, cause),
      ...receipts.map((fact) => ({ ...fact, cause })),
      ...queued.map((fact) => ({ ...fact, cause })),
      { type: 'task.answered', payload: { answer, instructions, by: 'policy' }, cause },
      ...deliveries(handedOver, cause),
      ...(isAccepted ? [{ ...handoffAccepted(after, at.now), cause }] : []),
    ],
  };
}

const askFor = (record: TaskRecord, missing: string[], at: Circumstances) =>
  queueStatusRequest(
    record,
    {
      reason: `The last report left out ${missing.join(', ')}. Send it in full.`,
      respondWithinMs: record.clocks.updateEveryMs,
      missing,
    },
    at,
  );

type HandedOver = { message: TaskInstruction; again: boolean };

/**
 * What goes along with an answer, and receipts. A word of the agent shows that it has what was handed over before it;
 * one that begins (again) may have lost that, and is given it again, marked so. What was pushed to a socket may have gone
 * down with it: only a word over that socket shows that it arrived, or the client's ack, which is no word.
 */
function handOver(
  { message: { type }, seen }: { message: TaskReport; seen: ReadonlySet<string> },
  open: readonly OpenMessage[],
  fresh: readonly TaskInstruction[],
  { now }: Circumstances,
): { receipts: TaskFact[]; handedOver: HandedOver[] } {
  const begins = type === 'INITIALIZATION';
  const held = open.filter(({ status }) => status === 'delivered');
  const waiting = open.filter(
    ({ status, expiresAt }) => status === 'queued' && (expiresAt === null || expiresAt > now),
  );
  // Whatever it says is the sign that a request for one asked for.
  const isShown = ({ messageId, message, pushedAt }: OpenMessage) =>
    !begins && (!pushedAt || message.type === 'x-STATUS_REQUEST' || seen.has(messageId));
  const isLost = (each: OpenMessage) =>
    begins || (!isShown(each) && each.pushedAt != null && msBetween(each.pushedAt, now) >= RECEIPT_MS);
  const again = held.filter(isLost).map(({ message }) => ({ message: { ...message, redelivered: true }, again: true }));
  const shown = held.filter(isShown).map(({ messageId }) => messageId);
  const first = [...waiting.map(({ message }) => message), ...fresh].map((message) => ({ message, again: false }));
  const receipts: TaskFact[] =
    shown.length > 0 ? [{ type: 'task.instruction_acknowledged', payload: { messageIds: shown } }] : [];
  return { receipts, handedOver: [...again, ...first].slice(0, INSTRUCTIONS_MAX) };
}

function deliveries(handedOver: readonly HandedOver[], cause: { index: number }): TaskFact[] {
  return [false, true].flatMap((again): TaskFact[] => {
    const messageIds = handedOver.filter((each) => each.again === again).map(({ message }) => message.message_id);
    if (messageIds.length === 0) return [];
    return [{ type: 'task.instruction_delivered', payload: { messageIds, via: 'answer', again }, cause }];
  });
}

function recovery(
  { state, phase, attempt, failedAt }: TaskRecord,
  { now }: Circumstances,
  cause: { index: number },
): TaskFact[] {
  if (state !== 'RECOVERING' || phase !== 'failed') return [];
  const afterMs = failedAt === null ? 0 : msBetween(failedAt, now);
  return [{ type: 'task.recovered', payload: { attempt, afterMs, by: 'report' }, cause }];
}

const acknowledged = (after: TaskRecord, message: TaskReport, { now }: Circumstances): TaskAnswer => ({
  type: 'STATUS_ACKNOWLEDGED',
  timestamp: now,
  agent_id: message.agent_id,
  acknowledged_message: message.type,
  continue_execution: after.waitingFor !== 'resume' && after.waitingFor !== 'handoff_decision',
  user_notified: true,
});

const controlAccepted = (after: TaskRecord, { agent_id }: TaskReport, { now }: Circumstances): TaskAnswer => ({
  type: 'CONTROL_ACCEPTED',
  timestamp: now,
  agent_id,
  handoff_accepted: true,
  task_completed: isCompleted(after),
  user_notification: notificationOf(after),
});

function requireRecord(record: TaskRecord | null): TaskRecord {
  if (!record) throw new Error('a task that is there has a record');
  return record;
}
