'use client';

import { useQuery } from '@tanstack/react-query';
import { MetricChart } from '@/components/tasks/metric-chart';
import { metricsQuery } from '@/lib/client/task-queries';

/** The questions of the task protocol that have an answer already, each as a chart; nothing before there is one. */
export function Numbers() {
  const answered = (useQuery(metricsQuery()).data?.items ?? []).filter(({ points }) => points.length > 0);
  if (answered.length === 0) return null;
  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] items-start gap-3 wide:col-span-2 wide:grid-cols-2">
      {answered.map((series) => (
        <MetricChart key={series.metric} series={series} />
      ))}
    </div>
  );
}
