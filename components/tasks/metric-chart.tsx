'use client';

import Link from 'next/link';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { classNames } from '@/components/ui/class-names';
import { pauseText } from '@/components/ui/duration-text';
import { Panel } from '@/components/ui/panel';
import { clockTimeText, exactTimeText } from '@/components/ui/relative-time-text';
import type { MetricPoint, MetricSeries } from '@/lib/protocol/metrics';
import { type MetricBucket, metricBuckets } from './metric-buckets';

const WIDTH = 480;
const HEIGHT = 120;
const BUCKETS = 40;
const DAY_MS = 86_400_000;
const SHOWN_OVER = 5;
const SHOWN_STRETCH = 12;

/**
 * One question, answered: p50 and p95 over time, the target of the protocol, and what lay beyond it. Each stretch of the
 * chart opens what was measured in it, with the entries that prove it.
 */
export function MetricChart({ series }: { series: MetricSeries }) {
  const { question, about, p50Ms, p95Ms, targetMs, over, points } = series;
  const [openAt, setOpenAt] = useState<number | null>(null);
  const buckets = useMemo(() => metricBuckets(points, BUCKETS), [points]);
  const figures =
    p50Ms === null || p95Ms === null
      ? 'nothing measured yet'
      : `p50 ${pauseText(p50Ms)}, p95 ${pauseText(p95Ms)}, ${over} of ${points.length} beyond ${pauseText(targetMs)}`;
  // Points come and go at both ends: a stretch that is open is found again by its time.
  const open = openAt === null ? null : (buckets.find(({ points: own }) => isWithin(own, openAt)) ?? null);
  return (
    <Panel title={question}>
      <div className="grid gap-2 px-3 py-2.5">
        <Figures series={series} />
        {points.length > 0 && (
          <Lines
            series={series}
            buckets={buckets}
            figures={figures}
            open={open}
            onOpen={(bucket) => setOpenAt(bucket === open ? null : Date.parse(bucket.points[0]?.at ?? ''))}
          />
        )}
        {open ? <Stretch bucket={open} targetMs={targetMs} /> : <Over series={series} />}
        <p className="text-pretty text-meta text-text-3">{about}</p>
      </div>
    </Panel>
  );
}

/** The figures, each beside the line that draws it. */
function Figures({ series: { p50Ms, p95Ms, targetMs, over, points } }: { series: MetricSeries }) {
  if (p50Ms === null || p95Ms === null) return <p className="text-meta text-text-2">nothing measured yet</p>;
  return (
    <p className="flex flex-wrap items-center gap-x-4 text-meta text-text-2">
      <span className="inline-flex items-center gap-1.5">
        <span aria-hidden="true" className="h-0.5 w-3 bg-ink" />
        p50 {pauseText(p50Ms)}
      </span>
      <span className="inline-flex items-center gap-1.5">
        <span aria-hidden="true" className="h-px w-3 bg-text-3" />
        p95 {pauseText(p95Ms)}
      </span>
      <span className={classNames('ml-auto', over > 0 && 'font-control text-text')}>
        {over} of {points.length} beyond {pauseText(targetMs)}
      </span>
    </p>
  );
}

const isWithin = (points: readonly MetricPoint[], at: number): boolean =>
  Date.parse(points[0]?.at ?? '') <= at && at <= Date.parse(points.at(-1)?.at ?? '');

type LinesProps = {
  series: MetricSeries;
  buckets: readonly MetricBucket[];
  figures: string;
  open: MetricBucket | null;
  onOpen: (bucket: MetricBucket) => void;
};

function Lines({ series, buckets, figures, open, onOpen }: LinesProps) {
  const { points, targetMs, question } = series;
  const beyond = points.filter(({ valueMs }) => valueMs > targetMs);
  const from = Date.parse(points[0]?.at ?? '');
  const to = Date.parse(points.at(-1)?.at ?? '');
  const timeText = to - from < DAY_MS ? clockTimeText : exactTimeText;
  const top = Math.max(targetMs * 1.25, ...points.map(({ valueMs }) => valueMs));
  const x = (at: number) => (to === from ? WIDTH / 2 : Math.min(1, (at - from) / (to - from)) * WIDTH);
  const y = (ms: number) => HEIGHT - (ms / top) * HEIGHT;
  const path = (value: (bucket: (typeof buckets)[number]) => number) =>
    buckets
      .map((bucket, at) => `${at === 0 ? 'M' : 'L'}${x(bucket.at).toFixed(1)} ${y(value(bucket)).toFixed(1)}`)
      .join('');
  return (
    <figure className="grid min-w-0 grid-cols-[auto_minmax(0,1fr)] gap-x-2">
      <div aria-hidden="true" className="relative h-32 w-10 text-right text-micro text-text-3">
        {marks(targetMs, top).map((ms) => (
          <span
            key={ms}
            className="absolute right-0 -translate-y-1/2 whitespace-nowrap"
            style={{ top: `${((y(ms) + 4) / (HEIGHT + 8)) * 100}%` }}
          >
            {ms === 0 ? '0' : pauseText(ms)}
          </span>
        ))}
      </div>
      <div className="relative min-w-0">
        <span
          className="pointer-events-none absolute right-0 -translate-y-full text-micro text-text-2"
          style={{ top: `${((y(targetMs) + 4) / (HEIGHT + 8)) * 100}%` }}
        >
          target
        </span>
        <svg
          role="img"
          aria-label={`${question} ${figures}`}
          viewBox={`-4 -4 ${WIDTH + 8} ${HEIGHT + 8}`}
          preserveAspectRatio="none"
          className="h-32 w-full overflow-visible"
        >
          {[HEIGHT, y(targetMs / 2)].map((at) => (
            <line key={at} x1="0" x2={WIDTH} y1={at} y2={at} stroke="var(--line)" vectorEffect="non-scaling-stroke" />
          ))}
          <line
            x1="0"
            x2={WIDTH}
            y1={y(targetMs)}
            y2={y(targetMs)}
            stroke="var(--wait-line)"
            strokeDasharray="4 4"
            vectorEffect="non-scaling-stroke"
          />
          <path d={path(({ p95 }) => p95)} fill="none" stroke="var(--text-3)" vectorEffect="non-scaling-stroke" />
          <path
            d={path(({ p50 }) => p50)}
            fill="none"
            stroke="var(--ink)"
            strokeWidth="2"
            vectorEffect="non-scaling-stroke"
          />
          {buckets.map((bucket) => (
            <path
              key={bucket.at}
              d={`M${x(bucket.at)} ${y(bucket.p95)}h.01`}
              stroke="var(--text-2)"
              strokeWidth="5"
              strokeLinecap="round"
              vectorEffect="non-scaling-stroke"
            />
          ))}
          <path
            d={beyond
              .map(({ at, valueMs }) => `M${x(Date.parse(at)).toFixed(1)} ${y(valueMs).toFixed(1)}h.01`)
              .join('')}
            stroke="var(--wait-line)"
            strokeWidth="7"
            strokeLinecap="round"
            vectorEffect="non-scaling-stroke"
          />
          {open && (
            <path
              d={`M${x(open.at)} 0V${HEIGHT}`}
              stroke="var(--ink)"
              strokeDasharray="2 2"
              vectorEffect="non-scaling-stroke"
            />
          )}
        </svg>
        <Stretches buckets={buckets} leftOf={(at) => (100 * x(at)) / WIDTH} open={open} onOpen={onOpen} />
      </div>
      <figcaption className="col-start-2 flex justify-between gap-2 text-micro text-text-3">
        <span>{timeText(from)}</span>
        {to !== from && <span>{timeText(to)}</span>}
      </figcaption>
    </figure>
  );
}

/** So far apart, of HEIGHT, words beside the chart stay readable. */
const APART = 14;

/** What is named beside the chart: the target, the longest beyond it, nothing and half, as far as there is room. */
function marks(targetMs: number, top: number): number[] {
  const named: number[] = [];
  for (const ms of [targetMs, ...(top > targetMs * 1.25 ? [top] : []), 0, targetMs / 2]) {
    if (named.every((other) => (Math.abs(ms - other) / top) * HEIGHT >= APART)) named.push(ms);
  }
  return named;
}

type StretchesProps = {
  buckets: readonly MetricBucket[];
  /** Where a time stands, in per cent of the width. */
  leftOf: (at: number) => number;
  open: MetricBucket | null;
  onOpen: (bucket: MetricBucket) => void;
};

/** A button over each stretch of the chart; one of them is in the order of the tab key, arrows lead to the others. */
function Stretches({ buckets, leftOf, open, onOpen }: StretchesProps) {
  const [focused, setFocused] = useState(0);
  const entry = Math.min(focused, buckets.length - 1);
  const onKeyDown = (event: KeyboardEvent<HTMLButtonElement>) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const buttons = event.currentTarget.parentElement?.querySelectorAll('button');
    buttons?.[Math.min(buckets.length - 1, Math.max(0, entry + by))]?.focus();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is filled in
    <div role="group" aria-label="What was measured when" className="absolute inset-0">
      {buckets.map((bucket, index) => (
        <button
          key={bucket.at}
          type="button"
          tabIndex={index === entry ? 0 : -1}
          aria-pressed={bucket === open}
          aria-label={`${clockTimeText(bucket.at)}: ${measuredText(bucket)}`}
          title={`${clockTimeText(bucket.at)}: ${measuredText(bucket)}`}
          onFocus={() => setFocused(index)}
          onKeyDown={onKeyDown}
          onClick={() => onOpen(bucket)}
          style={{ left: `${leftOf(bucket.at)}%`, width: `${100 / BUCKETS}%` }}
          className="-translate-x-1/2 absolute inset-y-0 min-w-1.5 hover:bg-press/60 focus-visible:-outline-offset-2"
        />
      ))}
    </div>
  );
}

const measuredText = ({ points, p95 }: MetricBucket) =>
  points.length === 1 ? pauseText(p95) : `${points.length} measured, p95 ${pauseText(p95)}`;

/** What was measured in one stretch, the longest first. */
function Stretch({ bucket, targetMs }: { bucket: MetricBucket; targetMs: number }) {
  const { points } = bucket;
  const longest = points.toSorted((one, other) => other.valueMs - one.valueMs).slice(0, SHOWN_STRETCH);
  return <Points points={longest} targetMs={targetMs} more={points.length - longest.length} moreText="shorter" />;
}

/** The newest points beyond the target. */
function Over({ series: { points, targetMs, over } }: { series: MetricSeries }) {
  if (over === 0) return null;
  const newest = points.filter(({ valueMs }) => valueMs > targetMs).slice(-SHOWN_OVER);
  return <Points points={newest.toReversed()} targetMs={targetMs} more={over - newest.length} moreText="earlier" />;
}

type PointsProps = { points: readonly MetricPoint[]; targetMs: number; more: number; moreText: string };

/** Each leads to its task, at the entry that proves it. */
const Points = ({ points, targetMs, more, moreText }: PointsProps) => (
  <ul className="grid text-meta">
    {points.map(({ entry, at, valueMs, taskId }) => (
      <li key={entry} className="flex min-h-6 items-center gap-2">
        <span className={classNames('size-2 flex-none rounded-round', valueMs > targetMs ? 'bg-wait' : 'bg-text-3')} />
        <span className="font-control">{pauseText(valueMs)}</span>
        <span className="text-text-3">{clockTimeText(Date.parse(at))}</span>
        <Link
          href={`/tasks/${encodeURIComponent(taskId)}#entry-${entry}`}
          className="ml-auto inline-flex min-h-6 min-w-6 items-center justify-end font-mono"
        >
          #{entry}
        </Link>
      </li>
    ))}
    {more > 0 && (
      <li className="text-text-3">
        and {more} {moreText}
      </li>
    )}
  </ul>
);
