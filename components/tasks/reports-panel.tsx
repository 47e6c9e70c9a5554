'use client';

import Link from 'next/link';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { pauseText } from '@/components/ui/duration-text';
import { LoadFailed } from '@/components/ui/load-failed';
import { Segmented } from '@/components/ui/segmented';
import { LoadingRows } from '@/components/ui/skeleton';
import { useMay } from '@/lib/client/caller';
import { useEarlierEntries, useTaskEntries } from '@/lib/client/task-live';
import { percentile } from '@/lib/domain/percentile';
import { isTaskOver, type Task } from '@/lib/protocol/task';
import type { WireEntry } from '@/lib/protocol/wire-entry';
import { InstructionComposer } from './instruction-composer';
import { ReportLine } from './report-line';
import { type ReportRow, reportRows } from './report-rows';

const sides = ['both', 'task', 'principal'] as const;
type Side = (typeof sides)[number];
const sideLabels: Record<Side, string> = { both: 'Both', task: 'Task', principal: 'Principal' };

const isOn = (row: ReportRow, side: Side) =>
  side === 'both' || (side === 'principal') === (row.kind === 'told' || row.kind === 'event');

const SHOWN_MAX = 400;
/** So close to the end, in pixels, the reader follows it. */
const FOLLOWS_PX = 48;

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
      {entries.isError && !entries.data && (
        <LoadFailed
          what="The reports"
          error={entries.error}
          busy={entries.isFetching}
          onRetry={() => void entries.refetch()}
        />
      )}
      {entries.data && <Rows taskId={task.id} first={entries.data.state[0]} rows={shown} />}
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
  const count = total === 1 ? '1 report' : `${total} reports`;
  const of = total > reports.length ? ` of the newest ${reports.length}` : '';
  return p95 === null ? count : `${count}, acknowledged p95 ${pauseText(p95)}${of}`;
}

/** `first` is the first entry that is loaded; what lies before it is loaded when somebody asks for it. */
function Rows({ taskId, first, rows }: { taskId: string; first: WireEntry | undefined; rows: readonly ReportRow[] }) {
  const earlier = useEarlierEntries(taskId);
  const isMore = first !== undefined && first.streamSeq > 1;
  const scroller = useRef<HTMLDivElement>(null);
  const [follows, setFollows] = useState(true);
  const [limit, setLimit] = useState(SHOWN_MAX);
  const last = rows.at(-1)?.key;
  useEffect(() => {
    const box = scroller.current;
    if (box && follows && last !== undefined) box.scrollTop = box.scrollHeight;
  }, [follows, last]);
  const hidden = Math.max(0, rows.length - limit);
  const showEarlier = () => {
    setLimit(limit + SHOWN_MAX);
    if (hidden < SHOWN_MAX && isMore) earlier.mutate(first.streamSeq);
  };
  const isThere = rows.length > 0;
  // A chart leads to the entry that proves its point.
  const [proof, setProof] = useState<number | null>(null);
  useEffect(() => {
    const [, seq] = /^#entry-(\d+)$/.exec(window.location.hash) ?? [];
    if (!isThere || seq === undefined) return;
    setProof(Number(seq));
    setFollows(false);
  }, [isThere]);
  useEffect(() => {
    if (proof === null || !first || first.seq <= proof || first.streamSeq === 1) return;
    if (earlier.isIdle || (earlier.isSuccess && earlier.variables !== first.streamSeq)) earlier.mutate(first.streamSeq);
  }, [proof, first, earlier]);
  const isProof = (row: ReportRow) =>
    proof !== null && row.kind !== 'gap' && (row.entry === proof || (row.kind === 'report' && row.answer === proof));
  const hasProof = rows.some(isProof);
  useEffect(() => {
    if (hasProof) setLimit(Number.POSITIVE_INFINITY); // drawn once, however far back it had to be looked for
  }, [hasProof]);
  useEffect(() => {
    if (limit > SHOWN_MAX) scroller.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'center' });
  }, [limit]);
  return (
    <div
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      role="log"
      aria-label="Messages of both sides"
      onScroll={({ currentTarget: box }) =>
        setFollows(box.scrollHeight - box.scrollTop - box.clientHeight < FOLLOWS_PX)
      }
      className="thin-scroll min-h-0 flex-1 overflow-y-auto focus-visible:-outline-offset-2 max-wide:max-h-[60dvh]"
    >
      {(hidden > 0 || isMore) && (
        <p className="px-3 py-2">
          <Button size="small" busy={earlier.isPending} onClick={showEarlier}>
            {isMore ? 'Show earlier' : `Show ${Math.min(hidden, SHOWN_MAX)} earlier of ${hidden}`}
          </Button>
          {earlier.isError && <span className="ml-2 text-meta text-fail-text">{earlier.error.message}</span>}
        </p>
      )}
      {rows.length === 0 && <p className="px-3 py-2.5 text-text-2">Nothing was said yet.</p>}
      <ol className="py-1.5">
        {rows.slice(hidden).map((row) => (
          <li key={row.key} aria-current={isProof(row) || undefined} className="aria-[current]:bg-press">
            <ReportLine row={row} />
          </li>
        ))}
      </ol>
    </div>
  );
}
