'use client';

import { useQuery } from '@tanstack/react-query';
import { counted } from '@/components/ui/count-text';
import { pauseText } from '@/components/ui/duration-text';
import { metricsQuery } from '@/lib/client/task-queries';
import type { MetricSeries, TaskMetric } from '@/lib/protocol/metrics';

const p95 = (items: readonly MetricSeries[], metric: TaskMetric) => {
  const found = items.find((series) => series.metric === metric)?.p95Ms ?? null;
  return found === null ? '–' : pauseText(found);
};

function onTime(items: readonly MetricSeries[]): string {
  const gaps = items.find(({ metric }) => metric === 'update-gap');
  if (!gaps || gaps.count === 0) return '–';
  return `${((1 - gaps.over / gaps.count) * 100).toFixed(1)} %`;
}

/** How many tasks there are (null: not known yet), and the four questions of the protocol in a line. */
export function FleetFoot({ count }: { count: number | null }) {
  const items = useQuery(metricsQuery({ points: 0 })).data?.items ?? [];
  const figures = [
    ['Updates on time', onTime(items)],
    ['Acknowledged p95', p95(items, 'acknowledgement')],
    ['Handoff p95', p95(items, 'handoff')],
    ['Recovery p95', p95(items, 'recovery')],
  ];
  return (
    <footer className="flex min-h-8 flex-none flex-wrap items-center gap-x-4 border-line-strong border-t px-3 text-meta text-text-2 desk:px-4">
      <span>{count === null ? '– tasks' : counted(count, 'task')}</span>
      {figures.map(([name, figure]) => (
        <span key={name} className="max-desk:hidden">
          {name} <span className="font-strong text-text">{figure}</span>
        </span>
      ))}
    </footer>
  );
}
