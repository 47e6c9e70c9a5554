'use client';

import { useQuery } from '@tanstack/react-query';
import { LoadFailed } from '@/components/ui/load-failed';
import { LoadingRows } from '@/components/ui/skeleton';
import { metricsQuery } from '@/lib/client/task-queries';
import type { MetricSeries, TaskMetric } from '@/lib/protocol/metrics';
import { pauseText } from './duration-text';
import { MetricChart } from './metric-chart';

/** The four questions of the protocol, each as a chart. */
export function FleetNumbers() {
  const metrics = useQuery(metricsQuery());
  if (metrics.isPending) return <LoadingRows rows={4} rowClass="h-32" what="figures" />;
  if (!metrics.data) {
    return (
      <LoadFailed
        what="The figures"
        error={metrics.error}
        busy={metrics.isFetching}
        onRetry={() => void metrics.refetch()}
      />
    );
  }
  return (
    <section
      aria-label="Numbers"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="thin-scroll min-h-0 flex-1 overflow-y-auto bg-ground focus-visible:-outline-offset-2"
    >
      <div className="grid items-start gap-3 p-3 desk:px-4 wide:grid-cols-2">
        {metrics.data.items.map((series) => (
          <MetricChart key={series.metric} series={series} />
        ))}
      </div>
    </section>
  );
}

const p95 = (items: readonly MetricSeries[], metric: TaskMetric) => {
  const found = items.find((series) => series.metric === metric)?.p95Ms ?? null;
  return found === null ? '–' : pauseText(found);
};

function onTime(items: readonly MetricSeries[]): string {
  const gaps = items.find(({ metric }) => metric === 'update-gap');
  if (!gaps || gaps.points.length === 0) return '–';
  return `${((1 - gaps.over / gaps.points.length) * 100).toFixed(1)} %`;
}

/** The same in a line, under the list. */
export function FleetFoot({ count }: { count: number }) {
  const items = useQuery(metricsQuery()).data?.items ?? [];
  const figures = [
    ['Updates on time', onTime(items)],
    ['Acknowledged p95', p95(items, 'acknowledgement')],
    ['Handoff p95', p95(items, 'handoff')],
    ['Recovery p95', p95(items, 'recovery')],
  ];
  return (
    <footer className="flex min-h-8 flex-none flex-wrap items-center gap-x-4 border-line-strong border-t px-3 text-meta text-text-2 desk:px-4">
      <span>{count === 1 ? '1 task' : `${count} tasks`}</span>
      {figures.map(([name, figure]) => (
        <span key={name} className="max-desk:hidden">
          {name} <span className="font-strong text-text">{figure}</span>
        </span>
      ))}
    </footer>
  );
}
