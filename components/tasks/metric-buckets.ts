import { percentile } from '@/lib/domain/percentile';
import type { MetricPoint } from '@/lib/protocol/metrics';

/** Into so many stretches a chart is parted. */
export const BUCKETS = 40;

/** What was measured in one stretch of time; `at` is its middle in milliseconds since 1970, `points` are in their order. */
export type MetricBucket = { at: number; p50: number; p95: number; points: MetricPoint[] };

/** Points, oldest first, gathered into at most `count` stretches of equal length; those without points are left out. */
export function metricBuckets(points: readonly MetricPoint[], count: number): MetricBucket[] {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return [];
  const from = Date.parse(first.at);
  const length = Math.max(1, (Date.parse(last.at) - from) / count);
  const index = ({ at }: MetricPoint) => Math.min(count - 1, Math.floor((Date.parse(at) - from) / length));
  return [...Map.groupBy(points, index)].map(([bucket, members]) => {
    const values = members.map(({ valueMs }) => valueMs);
    return {
      at: from + (bucket + 0.5) * length,
      p50: percentile(values, 0.5) ?? 0,
      p95: percentile(values, 0.95) ?? 0,
      points: members,
    };
  });
}
