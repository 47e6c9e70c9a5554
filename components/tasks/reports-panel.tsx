'use client';

import { ArrowLeft, ArrowRight } from 'lucide-react';
import Link from 'next/link';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { pauseText } from '@/components/ui/duration-text';
import { HostileText } from '@/components/ui/hostile-text';
import { LoadFailed } from '@/components/ui/load-failed';
import { clockTimeText } from '@/components/ui/relative-time-text';
import { Segmented } from '@/components/ui/segmented';
import { LoadingRows } from '@/components/ui/skeleton';
import { Tag } from '@/components/ui/tag';
import { useMay } from '@/lib/client/caller';
import { useTaskEntries } from '@/lib/client/task-live';
import { percentile } from '@/lib/domain/percentile';
import { isTaskOver, type Task } from '@/lib/protocol/task';
import { InstructionComposer } from './instruction-composer';
import { type ReportRow, reportRows, reportText } from './report-rows';

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
          {entries.data && latencyWords(all)}
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
      {entries.data && <Rows rows={shown} />}
      {maySpeak && !isTaskOver(task.state) && <InstructionComposer task={task} />}
    </section>
  );
}

function latencyWords(rows: readonly ReportRow[]): string {
  const reports = rows.filter((row) => row.kind === 'report');
  const p95 = percentile(
    reports.flatMap(({ ackMs }) => (ackMs === null ? [] : [ackMs])),
    0.95,
  );
  const count = reports.length === 1 ? '1 report' : `${reports.length} reports`;
  return p95 === null ? count : `${count}, acknowledged p95 ${pauseText(p95)}`;
}

function Rows({ rows }: { rows: readonly ReportRow[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [follows, setFollows] = useState(true);
  const [limit, setLimit] = useState(SHOWN_MAX);
  const last = rows.at(-1)?.key;
  useEffect(() => {
    const box = scroller.current;
    if (box && follows && last !== undefined) box.scrollTop = box.scrollHeight;
  }, [follows, last]);
  const hidden = Math.max(0, rows.length - limit);
  const isThere = rows.length > 0;
  // A chart leads to the entry that proves its point.
  const [proof, setProof] = useState<number | null>(null);
  useEffect(() => {
    const [, seq] = /^#entry-(\d+)$/.exec(window.location.hash) ?? [];
    if (!isThere || seq === undefined) return;
    setProof(Number(seq));
    setFollows(false);
    setLimit(Number.POSITIVE_INFINITY);
  }, [isThere]);
  const isProof = (row: ReportRow) =>
    proof !== null && row.kind !== 'gap' && (row.entry === proof || (row.kind === 'report' && row.answer === proof));
  useEffect(() => {
    if (proof !== null) scroller.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'center' });
  }, [proof]);
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
      {hidden > 0 && (
        <p className="px-3 py-2">
          <Button size="small" onClick={() => setLimit(limit + SHOWN_MAX)}>
            Show {Math.min(hidden, SHOWN_MAX)} earlier of {hidden}
          </Button>
        </p>
      )}
      {rows.length === 0 && <p className="px-3 py-2.5 text-text-2">Nothing was said yet.</p>}
      <ol className="py-1.5">
        {rows.slice(hidden).map((row) => (
          <li key={row.key} aria-current={isProof(row) || undefined} className="aria-[current]:bg-press">
            <Row row={row} />
          </li>
        ))}
      </ol>
    </div>
  );
}

function Row({ row }: { row: ReportRow }) {
  switch (row.kind) {
    case 'gap':
      return (
        <div
          className={classNames(
            'grid grid-cols-[64px_20px_minmax(0,1fr)] items-center gap-x-2 px-3 py-0.5 text-meta',
            row.isLate ? 'font-control' : 'text-text-3',
          )}
        >
          <span
            className={classNames(
              'col-start-2 h-4 justify-self-center',
              row.isLate ? 'w-1 border border-wait-line bg-wait' : 'w-px bg-line-strong',
            )}
          />
          <span>
            {pauseText(row.ms)}
            {row.isLate && ', late'}
          </span>
        </div>
      );
    case 'event':
      return (
        <div className="grid grid-cols-[64px_20px_minmax(0,1fr)] gap-x-2 px-3 py-1">
          <Time at={row.at} />
          <span />
          <span>
            <Tag tone={row.tone} className="!h-auto whitespace-normal py-px">
              <HostileText text={row.text} />
            </Tag>
          </span>
        </div>
      );
    case 'told':
      return (
        <Line
          at={row.at}
          direction="out"
          type={row.type}
          end={receiptWords(row)}
          tone={row.type === 'x-STATUS_REQUEST' ? 'ask' : 'out'}
        >
          {row.type === 'x-INSTRUCTION' && <span className="text-text-2">{row.from}: </span>}
          <HostileText text={row.text} />
        </Line>
      );
    case 'refused':
      return (
        <Line at={row.at} direction="in" type={row.type} end="refused" tone="bad">
          {row.fields.length === 0 && <span className="text-text-2">{row.reason}</span>}
          {row.fields.map(([field, why]) => (
            <p key={field} className="font-mono text-mono">
              <HostileText text={`${field}: ${why}`} />
            </p>
          ))}
          <details className="mt-1 text-meta">
            <summary className="cursor-pointer text-text-2 pointer-coarse:py-3">What came</summary>
            <pre className="whitespace-pre-wrap font-mono text-mono [overflow-wrap:anywhere]">
              <HostileText text={row.raw} />
            </pre>
          </details>
        </Line>
      );
    case 'kept_back':
      return (
        <Line at={row.at} direction="in" type={row.report.type} end="kept back" tone="late">
          <HostileText text={reportText(row.report)} />
          <p className="text-meta text-text-2">It came while the task was in other hands: without effect.</p>
        </Line>
      );
    case 'report':
      return (
        <Line
          at={row.at}
          direction="in"
          type={row.report.type}
          end={row.ackMs === null ? 'not answered yet' : `ack ${pauseText(row.ackMs)}`}
          tone={row.report.type === 'ERROR_REPORT' ? 'bad' : 'in'}
        >
          <HostileText text={reportText(row.report)} />
          {row.missing.length > 0 && (
            <p className="text-meta text-text-2">Partial: {row.missing.join(', ')} left out, and asked for.</p>
          )}
        </Line>
      );
  }
}

function receiptWords({ receipt, afterMs }: Extract<ReportRow, { kind: 'told' }>): string {
  const words = { queued: 'waits', delivered: 'delivered', acknowledged: 'read', expired: 'expired' } as const;
  return afterMs === null ? words[receipt] : `${words[receipt]} ${pauseText(afterMs)}`;
}

const tones = { in: '', out: 'seat-a bg-seat-wash', ask: 'bg-wait-wash', bad: '', late: 'bg-fail-wash' } as const;

type LineProps = {
  at: string;
  direction: 'in' | 'out';
  type: string;
  end: string;
  tone: keyof typeof tones;
  children: React.ReactNode;
};

function Line({ at, direction, type, end, tone, children }: LineProps) {
  const Arrow = direction === 'in' ? ArrowRight : ArrowLeft;
  return (
    <div className={classNames('grid grid-cols-[64px_20px_minmax(0,1fr)] gap-x-2 px-3 py-1.5', tones[tone])}>
      <Time at={at} />
      <Arrow
        role="img"
        aria-label={direction === 'in' ? 'from the agent' : 'to the agent'}
        size={14}
        strokeWidth={1.5}
        className="mt-[3px] text-text-3"
      />
      <div className="min-w-0">
        <p className="flex items-baseline gap-2">
          <span className={classNames('font-mono text-mono', tone === 'bad' && 'text-fail-text')}>{type}</span>
          <span className="ml-auto flex-none font-mono text-micro text-text-3">{end}</span>
        </p>
        <div className="text-text-2 [overflow-wrap:anywhere]">{children}</div>
      </div>
    </div>
  );
}

const Time = ({ at }: { at: string }) => (
  <time dateTime={at} className="mt-0.5 font-mono text-micro text-text-3">
    {clockTimeText(Date.parse(at))}
  </time>
);
