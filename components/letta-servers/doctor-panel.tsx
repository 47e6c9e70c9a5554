'use client';

import { Stethoscope } from 'lucide-react';
import { CopyButton } from '@/components/ui/copy-button';
import { HostileText } from '@/components/ui/hostile-text';
import { Panel } from '@/components/ui/panel';
import { StateShape } from '@/components/ui/state-shape';
import type { DoctorCheck, DoctorReport } from '@/lib/protocol/doctor';
import { durationText, reportText, summaryText } from './doctor-words';

const shapes = { passed: 'check', failed: 'octagon', not_tried: 'dashed-ring' } as const;
const words = { passed: 'passed', failed: 'failed', not_tried: 'not tried' } as const;

type DoctorPanelProps = {
  report: DoctorReport | null;
  /** Checks are under way. */
  busy?: boolean;
  /** What is said before the first examination. */
  before: string;
};

/** What was tried, what came back, and what to do about it. */
export function DoctorPanel({ report, busy = false, before }: DoctorPanelProps) {
  return (
    <Panel
      title="Doctor"
      icon={<Stethoscope aria-hidden="true" size={14} strokeWidth={1.5} />}
      beside={report && !busy && <span className="truncate">{summaryText(report)}</span>}
      end={report && <CopyButton withWord label="Copy report" text={() => reportText(report)} />}
    >
      <div role="status" aria-busy={busy}>
        {busy && <p className="px-3 py-2.5 text-text-2">Trying the address, step by step…</p>}
        {!busy && !report && <p className="px-3 py-2.5 text-pretty text-text-2">{before}</p>}
        {!busy && report && (
          <ol className="py-1">
            {report.checks.map((check) => (
              <CheckRow key={check.name} check={check} />
            ))}
          </ol>
        )}
      </div>
      {!busy && report?.cameBack != null && <CameBack text={report.cameBack} />}
      {!busy && report?.advice != null && <Advice text={report.advice} />}
    </Panel>
  );
}

function CheckRow({ check }: { check: DoctorCheck }) {
  const tried = check.state !== 'not_tried';
  return (
    <li className={`flex min-h-7 gap-2.5 px-3 py-1 ${check.state === 'failed' ? 'bg-fail-wash' : ''}`}>
      <StateShape shape={shapes[check.state]} className="mt-1 size-3 flex-none" />
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline justify-between gap-3">
          <span className={tried ? 'font-control' : 'text-text-3'}>
            {check.name}
            <span className="sr-only">, {words[check.state]}</span>
          </span>
          <span className="flex-none font-mono text-micro text-text-2">
            {check.ms === null ? words.not_tried : durationText(check.ms)}
          </span>
        </div>
        {tried && check.detail !== '' && (
          <p className="text-meta text-text-2">
            <HostileText text={check.detail} />
          </p>
        )}
      </div>
    </li>
  );
}

const CameBack = ({ text }: { text: string }) => (
  <div className="border-line border-t px-3 pt-2.5 pb-3">
    <h3 className="text-meta text-text-3">What came back</h3>
    <pre className="thin-scroll mt-1 max-h-64 overflow-y-auto font-mono text-mono">
      <HostileText text={text} />
    </pre>
  </div>
);

/** Lines that begin with `$ ` are commands to copy. */
function Advice({ text }: { text: string }) {
  return (
    <div className="border-line border-t px-3 pt-2.5 pb-3">
      <h3 className="font-name">What to do</h3>
      {text.split('\n').map((line) =>
        line.startsWith('$ ') ? (
          <CommandLine key={line} command={line.slice(2)} />
        ) : (
          <p key={line} className="text-pretty text-text-2">
            {line}
          </p>
        ),
      )}
    </div>
  );
}

/** A command as it is typed, with a way to copy it. */
export const CommandLine = ({ command }: { command: string }) => (
  <div className="mt-2 flex items-center gap-2 rounded-control border border-line bg-ground py-1 pr-1 pl-2.5 font-mono text-mono">
    <span aria-hidden="true" className="text-text-3">
      $
    </span>
    <code className="min-w-0 flex-1 [overflow-wrap:anywhere]">{command}</code>
    <CopyButton label="Copy the command" text={() => command} />
  </div>
);
