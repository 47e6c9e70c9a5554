'use client';

import { CheckCheck, ChevronDown, CircleX, SquareFunction } from 'lucide-react';
import { classNames } from '@/components/ui/class-names';
import { oneLine } from '@/components/ui/cut-text';
import { latencyText } from '@/components/ui/duration-text';
import { HostileText } from '@/components/ui/hostile-text';
import { reviewOf } from '@/lib/domain/transcript/review';
import type { Row } from '@/lib/domain/transcript/row';
import { argumentPairs, argumentsLine } from './call-text';
import type { CrossingEnd } from './crossing-end';
import { LongText } from './long-text';
import { RowEnd, RowFrame, RowLine, RowName, RowToggle, type Side } from './row-frame';
import { useFold } from './stage-context';

/** A call and what came of it: one line until it is opened, an error open by itself. */
export function CallRow({ row, side }: { row: Row; side: Side }) {
  const { call, returned, answered } = row.parts;
  const failed = returned?.status === 'error';
  const [open, toggle] = useFold(row.id, failed);
  if (!call) return null;
  const glyph = failed ? CircleX : open ? ChevronDown : SquareFunction;
  const tookMs = returned ? Date.parse(returned.at) - Date.parse(call.at) : null;
  return (
    <RowFrame row={row} side={side} glyph={glyph} label={`Calls ${call.name}`} onOpen={toggle}>
      <RowLine>
        <RowToggle open={open} onToggle={toggle} mono>
          <span className={classNames('max-w-full flex-none truncate', failed ? 'text-fail-text' : 'text-text-2')}>
            <HostileText text={call.name} wrap={false} />
          </span>
          {!open && (
            <span className="min-w-0 truncate">
              <HostileText text={oneLine(argumentsLine(call.arguments))} wrap={false} />
            </span>
          )}
        </RowToggle>
        <RowEnd>{callEnd(failed, tookMs, call.asks && !answered)}</RowEnd>
      </RowLine>
      {open && (
        <Well>
          {argumentPairs(call.arguments)?.map(([name, value]) => (
            <WellLine key={name} name={name}>
              <LongText id={`${row.id}:${name}`} text={value} as="plain" />
            </WellLine>
          )) ?? (
            <WellLine name="called">
              <LongText id={`${row.id}:arguments`} text={call.arguments} as="plain" />
            </WellLine>
          )}
          {returned && (
            <WellLine name={failed ? 'error' : 'return'}>
              <LongText id={`${row.id}:return`} text={returned.text} as="plain" />
            </WellLine>
          )}
          {answered && <WellLine name="answer">{answerText(answered)}</WellLine>}
        </Well>
      )}
    </RowFrame>
  );
}

function callEnd(failed: boolean, tookMs: number | null, waits: boolean): string {
  if (tookMs === null) return waits ? 'waits for an answer' : 'no return yet';
  if (failed) return tookMs > 0 ? `failed ${latencyText(tookMs)}` : 'failed';
  return tookMs > 0 ? latencyText(tookMs) : '';
}

const answerText = ({ approve, reason }: { approve: boolean | null; reason: string | null }) =>
  `${approve === null ? 'result given by Parley' : approve ? 'approved' : 'denied'}${reason ? `: ${reason}` : ''}`;

const receiptWords = ({ crossing, state }: CrossingEnd, isReply: boolean): string => {
  if (state === 'kept_back') return 'not delivered';
  return `${isReply ? 'reply' : 'delivered receipt'}${reviewOf(crossing.steps) ? ', after review' : ''}`;
};

/** What came of a call that stands by itself: the receipt or the reply of a message, or a return without its call. */
export function ReturnRow({ row, side, ends }: { row: Row; side: Side; ends: readonly CrossingEnd[] }) {
  const back = row.parts.cameBack;
  const failed = back?.status === 'error';
  const [open, toggle] = useFold(row.id, failed);
  if (!back) return null;
  const [end] = ends;
  const sentAt = end?.crossing.sentAt;
  // None where both times are the engine's, in whole seconds.
  const tookMs = sentAt ? Date.parse(end.crossing.answer?.at ?? row.at) - Date.parse(sentAt) : 0;
  const isReply = end?.crossing.mode === 'reply';
  return (
    <RowFrame row={row} side={side} glyph={failed ? CircleX : CheckCheck} label="Tool return" onOpen={toggle}>
      <RowLine>
        <RowToggle open={open} onToggle={toggle}>
          <RowName>{failed ? <span className="text-fail-text">Tool return</span> : 'Tool return'}</RowName>
          {end && !failed && <span className="flex-none">{receiptWords(end, isReply)}</span>}
          {!open && (isReply || !end || failed) && (
            <span className="min-w-0 truncate font-mono text-mono">
              <HostileText text={oneLine(back.text)} wrap={false} />
            </span>
          )}
        </RowToggle>
        {tookMs > 0 && <RowEnd>{latencyText(tookMs)}</RowEnd>}
      </RowLine>
      {open && (
        <Well>
          <WellLine name={failed ? 'error' : 'return'}>
            <LongText id={row.id} text={back.text} as="plain" />
          </WellLine>
        </Well>
      )}
    </RowFrame>
  );
}

/** Two columns in mono: what a payload holds. */
export const Well = ({ children }: { children: React.ReactNode }) => (
  <dl className="mt-0.5 mb-1 divide-y divide-line rounded-control border border-line bg-ground font-mono text-mono">
    {children}
  </dl>
);

export const WellLine = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div className="grid grid-cols-[72px_minmax(0,1fr)] gap-2 px-2.5 py-1">
    <dt className="truncate text-text-3" title={name}>
      <HostileText text={name} wrap={false} />
    </dt>
    <dd className="min-w-0 text-text-2 [overflow-wrap:anywhere]">{children}</dd>
  </div>
);
