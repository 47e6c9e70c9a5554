'use client';

import { pauseText } from '@/components/ui/duration-text';
import { clockTimeText, exactTimeText } from '@/components/ui/relative-time-text';
import type { MetricSeries } from '@/lib/protocol/metrics';
import type { MetricBucket } from './metric-buckets';
import { MetricStretches } from './metric-stretches';

const WIDTH = 480;
const HEIGHT = 120;
const DAY_MS = 86_400_000;

type MetricLinesProps = {
  series: MetricSeries;
  buckets: readonly MetricBucket[];
  figures: string;
  open: MetricBucket | null;
  onOpen: (bucket: MetricBucket) => void;
};

/** p50 and p95 over time, against the target; what lay beyond it stands out. */
export function MetricLines({ series, buckets, figures, open, onOpen }: MetricLinesProps) {
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
        <MetricStretches buckets={buckets} leftOf={(at) => (100 * x(at)) / WIDTH} open={open} onOpen={onOpen} />
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
