'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { LoadFailed } from '@/components/ui/load-failed';
import { Select } from '@/components/ui/select';
import { LoadingRows } from '@/components/ui/skeleton';
import { useTextInAddress } from '@/components/ui/use-in-address';
import { metricsQuery } from '@/lib/client/task-queries';
import type { Task } from '@/lib/protocol/task';
import { MetricChart } from './metric-chart';
import { metricsOf, type NumbersChoices, numbersChoices } from './numbers-of';

const groups = [
  ['Principals', 'principals'],
  ['Agents', 'agents'],
  ['Tasks', 'tasks'],
] as const satisfies readonly (readonly [string, keyof NumbersChoices])[];

/** The four questions of the protocol, each as a chart: of everything, of a principal, an agent or a task. */
export function FleetNumbers({ tasks }: { tasks: readonly Task[] }) {
  const [of, setOf] = useTextInAddress('of');
  const metrics = useQuery(metricsQuery(metricsOf(of)));
  if (metrics.isPending) return <LoadingRows rows={4} rowClass="h-32" what="figures" />;
  if (!metrics.data) {
    return <LoadFailed what="The figures" query={metrics} />;
  }
  return (
    <section
      aria-label="Numbers"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="thin-scroll min-h-0 flex-1 overflow-y-auto bg-ground focus-visible:-outline-offset-2"
    >
      <NumbersOf tasks={tasks} value={of} onChange={setOf} />
      <div className="grid items-start gap-3 p-3 desk:px-4 wide:grid-cols-2">
        {metrics.data.items.map((series) => (
          <MetricChart key={`${of} ${series.metric}`} series={series} />
        ))}
      </div>
    </section>
  );
}

type NumbersOfProps = { tasks: readonly Task[]; value: string; onChange: (value: string) => void };

function NumbersOf({ tasks, value, onChange }: NumbersOfProps) {
  const choices = useMemo(() => numbersChoices(tasks), [tasks]);
  const isListed = groups.some(([, kind]) => choices[kind].some((choice) => choice.value === value));
  return (
    <div className="flex items-center gap-2 px-3 pt-3 desk:px-4">
      <label htmlFor="numbers-of" className="flex-none text-meta text-text-2">
        Figures of
      </label>
      <Select
        id="numbers-of"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="w-72 max-w-full"
      >
        <option value="">everything</option>
        {value !== '' && !isListed && <option value={value}>{value.replace(':', ' ')}</option>}
        {groups.map(([label, kind]) => (
          <optgroup key={kind} label={label}>
            {choices[kind].map((choice) => (
              <option key={choice.value} value={choice.value}>
                {choice.label}
              </option>
            ))}
          </optgroup>
        ))}
      </Select>
    </div>
  );
}
