'use client';

import { classNames } from '@/components/ui/class-names';
import { oneLine } from '@/components/ui/cut-text';
import { latencyText } from '@/components/ui/duration-text';
import { HostileText } from '@/components/ui/hostile-text';
import { clockTimeText, exactTimeText } from '@/components/ui/relative-time-text';
import { hueClass } from '@/components/ui/seat-hue';
import { Tag } from '@/components/ui/tag';
import { crossingReason } from '@/lib/domain/transcript/crossing';
import { reviewOf } from '@/lib/domain/transcript/review';
import { SettleButtons } from './crossing-card';
import { authorName, type CrossingEnd, isStuck, receiverName, stateWords } from './crossing-end';
import { ReviewTag } from './review-tag';
import { Route } from './route';
import { useLit, useStage } from './stage-context';

/** One message in the list of what crossed: route, words, time, and how it went. */
export function CrossingLine({ end, shown }: { end: CrossingEnd; shown: readonly string[] }) {
  const { who, mayAct, goToEnd } = useStage();
  const { crossing, state } = end;
  const lit = useLit([crossing.id]);
  const hue = (crossing.from && who[crossing.from]?.hue) || 'd';
  const at = Date.parse(crossing.sentAt ?? crossing.at);
  const seat = crossing.to ?? crossing.from;
  const reason = crossingReason(crossing);
  const bad = !['sent', 'delivering', 'received', 'answered'].includes(state);
  const review = reviewOf(crossing.steps);
  const isTold = review !== null && (state === 'parked' || state === 'kept_back'); // the tag says it all
  const open = isStuck(end);
  return (
    <div
      className={classNames(
        'relative border-line border-b px-3 py-2',
        hueClass[hue],
        lit ? 'border-l-2 border-l-seat bg-seat-wash-2' : 'bg-surface',
      )}
    >
      <div className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-2.5 gap-y-0.5">
        <Route crossing={crossing} shown={[]} />
        <button
          type="button"
          disabled={!seat || !(crossing.arrivalRow ?? crossing.authorRow)}
          onClick={() => seat && goToEnd(crossing.id, crossing.arrivalRow ? seat : (crossing.from ?? seat))}
          className="min-h-6 min-w-0 truncate text-left after:absolute after:inset-0 hover:underline disabled:after:hidden"
        >
          <HostileText text={oneLine(crossing.content) || 'Content not loaded'} wrap={false} />
        </button>
        <time dateTime={crossing.at} title={exactTimeText(at)} className="font-mono text-micro text-text-3">
          {clockTimeText(at)}
        </time>
        <div className="col-span-2 col-start-2 flex min-w-0 flex-wrap items-center gap-1.5 text-meta text-text-2">
          {review && <ReviewTag review={review} author={authorName(crossing, who)} />}
          {isTold ? null : bad ? (
            <Tag tone="fail">{stateWords[state]}</Tag>
          ) : (
            <span className="inline-block whitespace-nowrap first-letter:uppercase">
              {stateWords[state]}
              {crossing.latencyMs !== null && ` in ${latencyText(crossing.latencyMs)}`}
            </span>
          )}
          {(bad || isTold) && crossing.latencyMs !== null && <span>in {latencyText(crossing.latencyMs)}</span>}
          {(crossing.to === null || !shown.includes(crossing.to)) && <span>to {receiverName(crossing, who)}</span>}
          {reason && !isTold && (
            <span className="min-w-0 [overflow-wrap:anywhere]">
              <HostileText text={reason} />
            </span>
          )}
        </div>
      </div>
      {open && mayAct && (
        <div className="relative z-1">
          <SettleButtons conveyanceId={crossing.id} unknown={state === 'outcome_unknown'} />
        </div>
      )}
    </div>
  );
}
