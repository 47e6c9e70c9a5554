'use client';

import Link from 'next/link';
import { useMemo, useState } from 'react';
import { counted } from '@/components/ui/count-text';
import { pauseText } from '@/components/ui/duration-text';
import { LoadFailed } from '@/components/ui/load-failed';
import { Segmented } from '@/components/ui/segmented';
import { LoadingRows } from '@/components/ui/skeleton';
import { useMay } from '@/lib/client/caller';
import { useTaskEntries } from '@/lib/client/task-live';
import { percentile } from '@/lib/domain/percentile';
import { isTaskOver, type Task } from '@/lib/protocol/task';
import { InstructionComposer } from './instruction-composer';
import { ReportList } from './report-list';
import { type ReportRow, reportRows } from './report-rows';

const sides = ['both', 'task', 'principal'] as const;
type Side = (typeof sides)[number];
const sideLabels: Record<Side, string> = { both: 'Both', task: 'Task', principal: 'Principal' };

const isOn = (row: ReportRow, side: Side) =>
  side === 'both' || (side === 'principal') === (row.kind === 'told' || row.kind === 'event');

/** Everything that went either way, oldest first, with how long each answer took and the pauses between. */
export function ReportsPanel({ task }: { task: Task }) {
  const entries = useTaskEntries(task.id);
  const [side, setSide] = useState<Side>('both');
  const { updateEveryMs } = task.clocks;
  const all = useMemo(() => reportRows(entries.data?.state ?? [], updateEveryMs), [entries.data, updateEveryMs]);
  const shown = all.filter((row) => isOn(row, side));
  const maySpeak = useMay('operator');
  return (
    <section
      aria-label="Reports"
      className="flex min-h-80 min-w-0 flex-col rounded-card border border-line-strong bg-surface wide:min-h-0"
    >
      <header className="flex min-h-9 flex-none items-center gap-2 border-line border-b px-3">
        <h2 className="font-name">Reports</h2>
        <Link
          href={`/tasks?view=numbers&of=${encodeURIComponent(`task:${task.id}`)}`}
          title="The figures of this task, as charts"
          className="truncate text-meta text-text-3"
        >
          {entries.data && latencyWords(all, task.counts.reports)}
        </Link>
        <span className="ml-auto">
          <Segmented
            label="Whose messages"
            value={side}
            onChange={setSide}
            segments={sides.map((value) => ({ value, label: sideLabels[value] }))}
          />
        </span>
      </header>
      {entries.isPending && (
        <div className="flex-1">
          <LoadingRows rows={5} rowClass="h-11" what="reports" />
        </div>
      )}
      <LoadFailed what="The reports" query={entries} />
      {entries.data && <ReportList taskId={task.id} first={entries.data.state[0]} rows={shown} />}
      {maySpeak && !isTaskOver(task.state) && <InstructionComposer task={task} />}
    </section>
  );
}

/** `count`: of all reports, of which these rows may be the newest. */
function latencyWords(rows: readonly ReportRow[], all: number): string {
  const reports = rows.filter((row) => row.kind === 'report');
  const p95 = percentile(
    reports.flatMap(({ ackMs }) => (ackMs === null ? [] : [ackMs])),
    0.95,
  );
  const total = Math.max(all, reports.length);
  const count = counted(total, 'report');
  const of = total > reports.length ? ` of the newest ${reports.length}` : '';
  return p95 === null ? count : `${count}, acknowledged p95 ${pauseText(p95)}${of}`;
}
