import Link from 'next/link';
import { Panel } from '@/components/ui/panel';
import { clockTimeText } from '@/components/ui/relative-time-text';
import type { MetricSeries } from '@/lib/protocol/metrics';
import { pauseText } from './duration-text';
import { metricBuckets } from './metric-buckets';

const WIDTH = 480;
const HEIGHT = 120;
const BUCKETS = 40;
const SHOWN_OVER = 5;

/** One question, answered: p50 and p95 over time, the target of the protocol, and what lay beyond it with its proof. */
export function MetricChart({ series }: { series: MetricSeries }) {
  const { question, about, p50Ms, p95Ms, targetMs, over, points } = series;
  const figures =
    p50Ms === null || p95Ms === null
      ? 'nothing measured yet'
      : `p50 ${pauseText(p50Ms)}, p95 ${pauseText(p95Ms)}, ${over} of ${points.length} beyond ${pauseText(targetMs)}`;
  return (
    <Panel title={question}>
      <div className="grid gap-2 px-3 py-2.5">
        <p className="text-meta text-text-2">
          {figures}. {about}
        </p>
        {points.length > 0 && <Lines series={series} figures={figures} />}
        <Over series={series} />
      </div>
    </Panel>
  );
}

function Lines({ series, figures }: { series: MetricSeries; figures: string }) {
  const { points, targetMs, question } = series;
  const buckets = metricBuckets(points, BUCKETS);
  const beyond = points.filter(({ valueMs }) => valueMs > targetMs);
  const from = Date.parse(points[0]?.at ?? '');
  const to = Date.parse(points.at(-1)?.at ?? '');
  const top = Math.max(targetMs * 1.25, ...points.map(({ valueMs }) => valueMs));
  const x = (at: number) => (to === from ? WIDTH / 2 : Math.min(1, (at - from) / (to - from)) * WIDTH);
  const y = (ms: number) => HEIGHT - (ms / top) * HEIGHT;
  const path = (value: (bucket: (typeof buckets)[number]) => number) =>
    buckets
      .map((bucket, at) => `${at === 0 ? 'M' : 'L'}${x(bucket.at).toFixed(1)} ${y(value(bucket)).toFixed(1)}`)
      .join('');
  return (
    <figure className="min-w-0">
      <svg
        role="img"
        aria-label={`${question} ${figures}`}
        viewBox={`-4 -4 ${WIDTH + 8} ${HEIGHT + 8}`}
        preserveAspectRatio="none"
        className="h-32 w-full overflow-visible"
      >
        <line x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} stroke="var(--line)" vectorEffect="non-scaling-stroke" />
        <line
          x1="0"
          x2={WIDTH}
          y1={y(targetMs)}
          y2={y(targetMs)}
          stroke="var(--line-strong)"
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
        {beyond.map(({ at, valueMs, entry }) => (
          <path
            key={entry}
            d={`M${x(Date.parse(at))} ${y(valueMs)}h.01`}
            stroke="var(--wait-line)"
            strokeWidth="7"
            strokeLinecap="round"
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </svg>
      <figcaption className="flex justify-between gap-2 text-micro text-text-3">
        <span>{clockTimeText(from)}</span>
        <span>
          <span className="text-text">p50</span> bold, p95 thin, target {pauseText(targetMs)} dashed
        </span>
        <span>{clockTimeText(to)}</span>
      </figcaption>
    </figure>
  );
}

/** The newest points beyond the target; each leads to the task with the entry that proves it. */
function Over({ series: { points, targetMs, over } }: { series: MetricSeries }) {
  if (over === 0) return null;
  const newest = points.filter(({ valueMs }) => valueMs > targetMs).slice(-SHOWN_OVER);
  return (
    <ul className="grid gap-0.5 text-meta">
      {newest.toReversed().map(({ entry, at, valueMs, taskId }) => (
        <li key={entry} className="flex items-center gap-2">
          <span className="size-2 flex-none rounded-round bg-wait" />
          <span className="font-control">{pauseText(valueMs)}</span>
          <span className="text-text-3">{clockTimeText(Date.parse(at))}</span>
          <Link href={`/tasks/${encodeURIComponent(taskId)}#entry-${entry}`} className="ml-auto font-mono">
            #{entry}
          </Link>
        </li>
      ))}
      {over > SHOWN_OVER && <li className="text-text-3">and {over - SHOWN_OVER} earlier</li>}
    </ul>
  );
}
