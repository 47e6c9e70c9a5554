import { expect, test } from 'vitest';
import type { WireEntry } from '@/lib/protocol/entry';
import { WireEntry as Wire } from '@/lib/protocol/entry';
import { everyTaskEntry } from '@/lib/testing/every-task-entry';
import { reportRows } from './report-rows';
import { reportText } from './report-text';

const start = Date.parse('2026-11-21T12:00:00.000Z');
let seq = 0;

function entry(
  type: keyof typeof everyTaskEntry,
  payload: object,
  seconds: number,
  cause: number | null = null,
): WireEntry {
  seq += 1;
  const at = new Date(start + seconds * 1_000).toISOString();
  return Wire.parse({
    seq,
    stream: 'task:t1',
    streamSeq: seq,
    id: `1f0c2c1e-0000-4000-8000-${String(seq).padStart(12, '0')}`,
    type,
    actor: { kind: 'key', id: 'k', name: 'agent' },
    occurredAt: at,
    receivedAt: at,
    cause,
    payload,
  });
}
const sample = everyTaskEntry['task.report_accepted'];
const report = (seconds: number) => entry('task.report_accepted', sample, seconds);

test('a report carries how long its answer took, and a pause stands between two of them', () => {
  const first = report(0);
  const answered = entry('task.answered', everyTaskEntry['task.answered'], 0.031, first.seq);
  const rows = reportRows([first, answered, report(34)], 30_000);
  expect(rows).toMatchObject([
    { kind: 'report', ackMs: 31, answer: answered.seq },
    { kind: 'gap', ms: 34_000, isLate: true },
    { kind: 'report', ackMs: null },
  ]);
});

test('a pause in which the agent was told to wait, or the task was in other hands, is not late', () => {
  const { answer } = everyTaskEntry['task.answered'];
  const first = report(0);
  const told = { ...everyTaskEntry['task.answered'], answer: { ...answer, continue_execution: false } };
  const taken = entry('task.taken_over', everyTaskEntry['task.taken_over'], 50);
  const entries = [first, entry('task.answered', told, 1, first.seq), report(40), taken, report(90), report(130)];
  const late = (more: WireEntry[]) =>
    reportRows([...entries, ...more], 30_000).flatMap((row) => (row.kind === 'gap' ? [row.isLate] : []));
  expect(late([])).toEqual([false, false, false]);
  const back = entry('task.handed_back', everyTaskEntry['task.handed_back'], 131);
  expect(late([back, report(170), report(210)])).toEqual([false, false, false, false, true]);
});

test('receipts change the line of what was told', () => {
  const queued = everyTaskEntry['task.instruction_queued'];
  const receipt = { messageIds: [queued.messageId] };
  const rows = reportRows(
    [
      entry('task.instruction_queued', queued, 0),
      entry('task.instruction_delivered', { ...receipt, via: 'answer', again: false }, 0.6),
      entry('task.instruction_acknowledged', receipt, 2),
    ],
    30_000,
  );
  expect(rows).toMatchObject([{ kind: 'told', receipt: 'acknowledged', afterMs: 600 }]);
});

test('every entry of a task is read without a fall, and what is refused names its type', () => {
  const all = Object.entries(everyTaskEntry).map(([type, payload], at) =>
    entry(type as keyof typeof everyTaskEntry, payload, at),
  );
  const rows = reportRows(all, 30_000);
  expect(rows.length).toBeGreaterThan(8);
  expect(rows.find(({ kind }) => kind === 'refused')).toMatchObject({ type: 'PROGRESS_UPDATE' });
  expect(rows.find(({ kind }) => kind === 'kept_back')).toBeDefined();
});

test('a milestone in a line', () => {
  expect(reportText(sample.message)).toBe(
    'Documentation generation. Evidence: Updated CLAUDE.md with 15 new command entries. Next: Validation and final sync',
  );
});
