import Link from 'next/link';
import { classNames } from '@/components/ui/class-names';
import { countText } from '@/components/ui/count-text';
import { pauseText } from '@/components/ui/duration-text';
import { clockTimeText } from '@/components/ui/relative-time-text';
import type { MetricPoint, MetricSeries } from '@/lib/protocol/metrics';
import type { MetricBucket } from './metric-buckets';

const SHOWN_OVER = 5;
const SHOWN_STRETCH = 12;

/** What was measured in one stretch, the longest first. */
export function PointsOfStretch({ bucket, targetMs }: { bucket: MetricBucket; targetMs: number }) {
  const { points } = bucket;
  const longest = points.toSorted((one, other) => other.valueMs - one.valueMs).slice(0, SHOWN_STRETCH);
  return <Points points={longest} targetMs={targetMs} more={points.length - longest.length} moreText="shorter" />;
}

/** The newest points beyond the target. */
export function PointsOver({ series: { points, targetMs, over } }: { series: MetricSeries }) {
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
        and {countText(more)} {moreText}
      </li>
    )}
  </ul>
);
