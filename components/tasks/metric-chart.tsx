'use client';

import { useMemo, useState } from 'react';
import { classNames } from '@/components/ui/class-names';
import { pauseText } from '@/components/ui/duration-text';
import { Panel } from '@/components/ui/panel';
import type { MetricPoint, MetricSeries } from '@/lib/protocol/metrics';
import { BUCKETS, metricBuckets } from './metric-buckets';
import { MetricLines } from './metric-lines';
import { PointsOfStretch, PointsOver } from './metric-points';

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
          <MetricLines
            series={series}
            buckets={buckets}
            figures={figures}
            open={open}
            onOpen={(bucket) => setOpenAt(bucket === open ? null : Date.parse(bucket.points[0]?.at ?? ''))}
          />
        )}
        {open ? <PointsOfStretch bucket={open} targetMs={targetMs} /> : <PointsOver series={series} />}
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
