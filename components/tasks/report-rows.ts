import { type Entry, type EntryOf, knownEntry, type WireEntry } from '@/lib/protocol/entry';
import type { TaskReport } from '@/lib/protocol/task-message';
import { type TaskEvent, taskEvent } from './task-event';

/** How a message to the agent got on. */
export type Receipt = 'queued' | 'delivered' | 'acknowledged' | 'expired';

/** A line of the timeline, oldest first. `at` is ISO-8601, `entry` the seq in the ledger. */
export type ReportRow = { key: string; at: string; entry: number } & (
  | {
      kind: 'report';
      report: TaskReport;
      /** From its arrival to its answer, in milliseconds. */
      ackMs: number | null;
      /** The seq of its answer, which proves how long that took. */
      answer: number | null;
      missing: readonly string[];
    }
  | { kind: 'refused'; type: string; reason: string; fields: readonly [string, string][]; raw: string }
  | { kind: 'kept_back'; report: TaskReport }
  | { kind: 'told'; type: string; from: string; text: string; receipt: Receipt; afterMs: number | null }
  | ({ kind: 'event' } & TaskEvent)
  | { kind: 'gap'; ms: number; isLate: boolean }
);

const between = (from: string, to: string) => Math.max(0, Date.parse(to) - Date.parse(from));

/** `type` of what was refused, as far as it can be read. */
function typeIn(raw: string): string {
  const [, type] = /"type"\s*:\s*"([A-Za-z_-]{1,40})"/.exec(raw) ?? [];
  return type ?? 'message';
}

/** What a message to the agent says, in a line. */
function toldText(message: EntryOf<'task.instruction_queued'>['payload']['message']): string {
  if (message.type === 'x-INSTRUCTION') return message.content;
  if (message.type === 'x-STATUS_REQUEST') return message.reason;
  if (message.type === 'CONTROL_ACCEPTED') return message.user_notification;
  return [message.action, message.reason].filter(Boolean).join(': ');
}

/** Entries stay as they are: each is read once, however often one more comes. */
const read = new WeakMap<WireEntry, { entry: Entry | null }>();
function readEntry(wire: WireEntry): Entry | null {
  const known = read.get(wire) ?? { entry: knownEntry(wire) };
  read.set(wire, known);
  return known.entry;
}

/** Whether its agent is waiting, or the task in other hands, from one report to the next: such a pause is not late. */
function waiting() {
  let isHeld = false;
  let waits = false;
  return {
    waits: () => waits,
    follow(entry: Entry): void {
      if (entry.type === 'task.taken_over') isHeld = true;
      if (entry.type === 'task.handed_back' || entry.type === 'task.ended') isHeld = false;
      if (entry.type === 'task.report_accepted') {
        const { message } = entry.payload;
        waits = isHeld || (message.type === 'ERROR_REPORT' && message.blocking === true);
      } else if (entry.type === 'task.answered') {
        const { answer } = entry.payload;
        waits ||= answer.type === 'STATUS_ACKNOWLEDGED' && !answer.continue_execution;
      } else waits ||= /^task\.(controlled|taken_over|handed_back)$/.test(entry.type);
    },
  };
}

/** Whatever has no line of its own between the reports. */
const isReport = (row: ReportRow) => row.kind === 'report';

/** The timeline of a task, from the entries of its stream: reports with their answers, what was told, what happened. */
export function reportRows(entries: readonly WireEntry[], updateEveryMs: number): ReportRow[] {
  const rows: ReportRow[] = [];
  const reports = new Map<number, { row: Extract<ReportRow, { kind: 'report' }>; arrivedAt: string }>();
  const told = new Map<string, Extract<ReportRow, { kind: 'told' }>>();
  let lastReportAt: string | null = null;
  const agent = waiting();
  for (const wire of entries) {
    const entry = readEntry(wire);
    if (!entry) continue;
    const waits = agent.waits();
    agent.follow(entry);
    if (entry.type === 'task.answered') {
      const report = entry.cause === null ? undefined : reports.get(entry.cause);
      if (report) {
        report.row.ackMs = between(report.arrivedAt, entry.receivedAt);
        report.row.answer = entry.seq;
      }
      continue;
    }
    if (receive(entry, told)) continue;
    const row = rowOf(entry);
    if (!row) continue;
    if (isReport(row) && lastReportAt !== null) {
      const ms = between(lastReportAt, entry.receivedAt);
      if (ms >= 1_000)
        rows.push({
          key: `gap ${entry.seq}`,
          at: entry.receivedAt,
          entry: entry.seq,
          kind: 'gap',
          ms,
          isLate: ms > updateEveryMs && !waits,
        });
    }
    if (isReport(row)) lastReportAt = entry.receivedAt;
    if (row.kind === 'report') reports.set(entry.seq, { row, arrivedAt: entry.occurredAt });
    if (row.kind === 'told' && entry.type === 'task.instruction_queued') told.set(entry.payload.messageId, row);
    rows.push(row);
  }
  return rows;
}

/** Receipts change the line of what they are about. */
function receive(entry: Entry, told: Map<string, Extract<ReportRow, { kind: 'told' }>>): boolean {
  const receipts = {
    'task.instruction_delivered': 'delivered',
    'task.instruction_returned': 'queued',
    'task.instruction_acknowledged': 'acknowledged',
    'task.instruction_expired': 'expired',
  } as const;
  if (
    entry.type !== 'task.instruction_delivered' &&
    entry.type !== 'task.instruction_returned' &&
    entry.type !== 'task.instruction_acknowledged' &&
    entry.type !== 'task.instruction_expired'
  ) {
    return false;
  }
  for (const messageId of entry.payload.messageIds) {
    const row = told.get(messageId);
    if (!row) continue;
    row.receipt = receipts[entry.type];
    row.afterMs = row.receipt === 'queued' ? null : (row.afterMs ?? between(row.at, entry.receivedAt));
  }
  return true;
}

function rowOf(entry: Entry): ReportRow | null {
  const base = { key: String(entry.seq), at: entry.receivedAt, entry: entry.seq };
  switch (entry.type) {
    case 'task.report_accepted':
      return {
        ...base,
        kind: 'report',
        report: entry.payload.message,
        ackMs: null,
        answer: null,
        missing: entry.payload.missing,
      };
    case 'task.report_refused':
      return {
        ...base,
        kind: 'refused',
        type: typeIn(entry.payload.raw),
        reason: entry.payload.reason,
        fields: Object.entries(entry.payload.fields),
        raw: entry.payload.raw,
      };
    case 'task.report_quarantined':
      return { ...base, kind: 'kept_back', report: entry.payload.message };
    case 'task.instruction_queued':
      return {
        ...base,
        kind: 'told',
        type: entry.payload.message.type,
        from: entry.payload.from,
        text: toldText(entry.payload.message),
        receipt: 'queued',
        afterMs: null,
      };
    default: {
      const event = taskEvent(entry);
      return event && { ...base, kind: 'event', ...event };
    }
  }
}
