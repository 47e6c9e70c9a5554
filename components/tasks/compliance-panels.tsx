'use client';

import { useQuery } from '@tanstack/react-query';
import { pauseText } from '@/components/ui/duration-text';
import { HostileText } from '@/components/ui/hostile-text';
import { LoadFailed } from '@/components/ui/load-failed';
import { Panel } from '@/components/ui/panel';
import { StateShape } from '@/components/ui/state-shape';
import { complianceQuery } from '@/lib/client/task-queries';
import type { ComplianceCheck } from '@/lib/protocol/task';

const about = { P55: 'tool calls are real', P56: 'transparency' } as const;
const shapes = { held: 'check', broken: 'octagon', unknown: 'dashed-ring' } as const;
const words = { held: 'held', broken: 'broken', unknown: 'open' } as const;

const figure = (value: number, unit: string) => {
  if (unit === 'ms') return pauseText(value);
  if (unit === 's') return pauseText(value * 1_000);
  return String(value);
};

/** What was measured, against what is allowed; `open` where nothing was measured yet. */
function measured({ value, limit, unit, verdict }: ComplianceCheck): string {
  if (value === null) return words[verdict];
  return limit === null || limit === 0 ? figure(value, unit) : `${figure(value, unit)} of ${figure(limit, unit)}`;
}

/** The two principles of the seed as checks, each with its measured value and the entries that prove it. */
export function CompliancePanels({ taskId }: { taskId: string }) {
  const compliance = useQuery(complianceQuery(taskId));
  if (!compliance.data) return <LoadFailed what="The checks" query={compliance} />;
  const { checks } = compliance.data;
  return (['P55', 'P56'] as const).map((principle) => {
    const own = checks.filter((check) => check.principle === principle);
    const judged = own.filter(({ verdict }) => verdict !== 'unknown');
    const held = judged.filter(({ verdict }) => verdict === 'held').length;
    return (
      <Panel
        key={principle}
        title={principle}
        beside={about[principle]}
        end={<span className="font-strong">{judged.length === 0 ? 'open' : `${held} of ${judged.length}`}</span>}
      >
        <ul className="grid gap-1 px-3 py-2">
          {own.map((check) => (
            <Check key={check.rule} check={check} />
          ))}
        </ul>
      </Panel>
    );
  });
}

const PROOFS_SHOWN = 2;

function Check({ check }: { check: ComplianceCheck }) {
  const { about: says, verdict, entries, details } = check;
  return (
    <li className="grid grid-cols-[12px_minmax(0,1fr)_auto_auto] items-center gap-x-2">
      <StateShape shape={shapes[verdict]} />
      <span className={verdict === 'unknown' ? 'text-text-2' : ''}>
        {says}
        <span className="sr-only">: {words[verdict]}</span>
      </span>
      <span title={check.unit} className={verdict === 'broken' ? 'font-strong' : 'text-text-2'}>
        {measured(check)}
      </span>
      <span className="font-mono text-micro text-text-3" title={`Entries ${entries.join(', ')} of the ledger`}>
        {entries
          .slice(0, PROOFS_SHOWN)
          .map((seq) => `#${seq}`)
          .join(' ')}
        {entries.length > PROOFS_SHOWN && ` +${entries.length - PROOFS_SHOWN}`}
      </span>
      {details.length > 0 && (
        <p className="col-span-3 col-start-2 text-meta text-text-2 [overflow-wrap:anywhere]">
          <HostileText text={details.join(', ')} />
        </p>
      )}
    </li>
  );
}
