import { ArrowLeft, ArrowRight } from 'lucide-react';
import { classNames } from '@/components/ui/class-names';
import { pauseText } from '@/components/ui/duration-text';
import { HostileText } from '@/components/ui/hostile-text';
import { clockTimeText } from '@/components/ui/relative-time-text';
import { Tag } from '@/components/ui/tag';
import type { ReportRow } from './report-rows';
import { reportText } from './report-text';
import { Said } from './said';

/** One line of the timeline: a report, what its agent was told, what happened, or the pause between two reports. */
export function ReportLine({ row }: { row: ReportRow }) {
  switch (row.kind) {
    case 'gap':
      return (
        <div
          className={classNames(
            'grid grid-cols-[64px_20px_minmax(0,1fr)] items-center gap-x-2 px-3 py-0.5 text-meta',
            row.isLate ? 'font-control' : 'text-text-3',
          )}
        >
          <span
            className={classNames(
              'col-start-2 h-4 justify-self-center',
              row.isLate ? 'w-1 border border-wait-line bg-wait' : 'w-px bg-line-strong',
            )}
          />
          <span>
            {pauseText(row.ms)}
            {row.isLate && ', late'}
          </span>
        </div>
      );
    case 'event':
      return (
        <div className="grid grid-cols-[64px_20px_minmax(0,1fr)] gap-x-2 px-3 py-1">
          <Time at={row.at} />
          <span />
          <span>
            <Tag tone={row.tone} className="!h-auto whitespace-normal py-px">
              <HostileText text={row.text} />
            </Tag>
          </span>
        </div>
      );
    case 'told':
      return (
        <Line
          at={row.at}
          direction="out"
          type={row.type}
          end={receiptWords(row)}
          tone={row.type === 'x-STATUS_REQUEST' ? 'ask' : 'out'}
        >
          {row.type === 'x-INSTRUCTION' && <span className="text-text-2">{row.from}: </span>}
          <Said text={row.text} />
        </Line>
      );
    case 'refused':
      return (
        <Line at={row.at} direction="in" type={row.type} end="refused" tone="bad">
          {row.fields.length === 0 && <span className="text-text-2">{row.reason}</span>}
          {row.fields.map(([field, why]) => (
            <p key={field} className="font-mono text-mono">
              <HostileText text={`${field}: ${why}`} />
            </p>
          ))}
          <details className="mt-1 text-meta">
            <summary className="cursor-pointer text-text-2 pointer-coarse:py-3">What came</summary>
            <pre className="whitespace-pre-wrap font-mono text-mono [overflow-wrap:anywhere]">
              <HostileText text={row.raw} />
            </pre>
          </details>
        </Line>
      );
    case 'kept_back':
      return (
        <Line at={row.at} direction="in" type={row.report.type} end="kept back" tone="late">
          <Said text={reportText(row.report)} />
          <p className="text-meta text-text-2">It came while the task was in other hands: without effect.</p>
        </Line>
      );
    case 'report':
      return (
        <Line
          at={row.at}
          direction="in"
          type={row.report.type}
          end={row.ackMs === null ? 'not answered yet' : `ack ${pauseText(row.ackMs)}`}
          tone={row.report.type === 'ERROR_REPORT' ? 'bad' : 'in'}
        >
          <Said text={reportText(row.report)} />
          {row.missing.length > 0 && (
            <p className="text-meta text-text-2">Partial: {row.missing.join(', ')} left out, and asked for.</p>
          )}
        </Line>
      );
  }
}

function receiptWords({ receipt, afterMs }: Extract<ReportRow, { kind: 'told' }>): string {
  const words = { queued: 'waits', delivered: 'delivered', acknowledged: 'read', expired: 'expired' } as const;
  return afterMs === null ? words[receipt] : `${words[receipt]} ${pauseText(afterMs)}`;
}

const tones = { in: '', out: 'seat-a bg-seat-wash', ask: 'bg-wait-wash', bad: '', late: 'bg-fail-wash' } as const;

type LineProps = {
  at: string;
  direction: 'in' | 'out';
  type: string;
  end: string;
  tone: keyof typeof tones;
  children: React.ReactNode;
};

function Line({ at, direction, type, end, tone, children }: LineProps) {
  const Arrow = direction === 'in' ? ArrowRight : ArrowLeft;
  return (
    <div className={classNames('grid grid-cols-[64px_20px_minmax(0,1fr)] gap-x-2 px-3 py-1.5', tones[tone])}>
      <Time at={at} />
      <Arrow
        role="img"
        aria-label={direction === 'in' ? 'from the agent' : 'to the agent'}
        size={14}
        strokeWidth={1.5}
        className="mt-[3px] text-text-3"
      />
      <div className="min-w-0">
        <p className="flex items-baseline gap-2">
          <span className={classNames('font-mono text-mono', tone === 'bad' && 'text-fail-text')}>{type}</span>
          <span className="ml-auto flex-none font-mono text-micro text-text-3">{end}</span>
        </p>
        <div className="text-text-2 [overflow-wrap:anywhere]">{children}</div>
      </div>
    </div>
  );
}

const Time = ({ at }: { at: string }) => (
  <time dateTime={at} className="mt-0.5 font-mono text-micro text-text-3">
    {clockTimeText(Date.parse(at))}
  </time>
);
