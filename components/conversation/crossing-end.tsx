'use client';

import { latencyText } from '@/components/ui/duration-text';
import { HostileText } from '@/components/ui/hostile-text';
import { RelativeTime } from '@/components/ui/relative-time';
import { type Shape, StateShape } from '@/components/ui/state-shape';
import { useStore } from '@/components/ui/store';
import { type Crossing, type CrossingState, crossingReason } from '@/lib/domain/transcript/crossing';
import { type Review, reviewOf } from '@/lib/domain/transcript/review';
import { reviewText, reviewWords } from './review-words';
import { useStage, type Who } from './stage-context';

/** A message on its way as its rows show it. */
export type CrossingEnd = { crossing: Crossing; state: CrossingState };

export const receiverName = ({ to, toName }: Pick<Crossing, 'to' | 'toName'>, who: Who): string =>
  (to && who[to]?.name) || toName || 'an agent';
export const authorName = ({ from, fromName }: Pick<Crossing, 'from' | 'fromName'>, who: Who): string =>
  (from && who[from]?.name) || fromName || 'an agent elsewhere';

/** The line's words, for readers of the page and for narrow screens: `to Bob, 198 ms`. */
export function crossingText({ crossing, state }: CrossingEnd, end: 'author' | 'receiver', who: Who): string {
  const other = end === 'author' ? `to ${receiverName(crossing, who)}` : `from ${authorName(crossing, who)}`;
  if (crossing.latencyMs !== null) return `${other} · ${latencyText(crossing.latencyMs)}`;
  return `${other} · ${stateWords[state]}`;
}

export const stateWords = {
  sent: 'on its way',
  delivering: 'being delivered',
  received: 'delivered',
  answered: 'delivered',
  parked: 'waits for an answer',
  kept_back: 'not delivered',
  failed: 'not delivered',
  outcome_unknown: 'outcome unknown',
  refused: 'refused',
  dropped: 'given up',
} as const satisfies Record<CrossingState, string>;

/** Whether it stands still until a person has it tried again, or gives it up. */
export const isStuck = ({ crossing, state }: CrossingEnd): boolean =>
  (state === 'failed' || state === 'outcome_unknown') && !crossing.answer;

/** Lights both ends of a message and brings the other one into view, or lets go of it. */
export function useChoose(end: CrossingEnd | undefined, side: 'author' | 'receiver'): [isChosen: boolean, () => void] {
  const { chosen, goToEnd } = useStage();
  const isChosen = useStore(chosen, (id) => id !== null && id === end?.crossing.id);
  const choose = () => {
    if (!end) return;
    const other = side === 'author' ? end.crossing.to : end.crossing.from;
    chosen.set(isChosen ? null : end.crossing.id);
    if (!isChosen && other) goToEnd(end.crossing.id, other);
  };
  return [isChosen, choose];
}

/** `to Bob` at the end of a row's first line. */
export function EndButton({ end, side }: { end: CrossingEnd; side: 'author' | 'receiver' }) {
  const { who } = useStage();
  const { crossing } = end;
  const [isChosen, choose] = useChoose(end, side);
  const text = side === 'author' ? `to ${receiverName(crossing, who)}` : authorName(crossing, who);
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={choose}
      className="min-w-0 max-w-48 truncate rounded-tile text-meta leading-5 text-text-3 hover:text-text hover:underline aria-pressed:text-text pointer-coarse:leading-6"
    >
      <HostileText text={text} wrap={false} />
    </button>
  );
}

/** Below the text at the author's end: how the message stands, where that is not simply delivered. */
export function CrossingNote({ end: { crossing, state } }: { end: CrossingEnd }) {
  const { who } = useStage();
  if (state === 'received' || state === 'answered') return null;
  const reason = crossingReason(crossing);
  const bad = state !== 'sent' && state !== 'delivering';
  const review = reviewOf(crossing.steps);
  if (review && (state === 'parked' || state === 'kept_back'))
    return <ReviewNote review={review} author={authorName(crossing, who)} />;
  return (
    <Note shape={bad ? 'octagon' : 'quarter-ring'}>
      <span className="inline-block font-control text-text first-letter:uppercase">{stateWords[state]}</span>
      {reason && (
        <span className="desk:hidden">
          {': '}
          <HostileText text={reason} />
        </span>
      )}
    </Note>
  );
}

function ReviewNote({ review, author }: { review: Review; author: string }) {
  const words = reviewWords(review, author);
  return (
    <Note shape={words ? 'slashed-ring' : 'diamond'}>
      {words ? (
        <HostileText text={reviewText(words)} />
      ) : (
        <>
          Parked as a draft
          {review.parkedAt && (
            <>
              , <RelativeTime at={review.parkedAt} phrase />
            </>
          )}
        </>
      )}
    </Note>
  );
}

const Note = ({ shape, children }: { shape: Shape; children: React.ReactNode }) => (
  <div className="mt-1.5 flex items-start gap-1.5 border-line border-t pt-1.5 text-meta text-text-2">
    <StateShape shape={shape} className="mt-0.5 size-3 flex-none" />
    <span className="min-w-0 [overflow-wrap:anywhere]">{children}</span>
  </div>
);
