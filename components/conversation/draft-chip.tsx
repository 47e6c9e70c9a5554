'use client';

import { User } from 'lucide-react';
import { classNames } from '@/components/ui/class-names';
import { HostileText } from '@/components/ui/hostile-text';
import type { Crossing } from '@/lib/domain/transcript/crossing';
import { goesOut, type Review, reviewOf } from '@/lib/domain/transcript/review';
import { authorName } from './crossing-end';
import { type ReviewWords, reviewWords } from './review-words';
import { useStage } from './stage-context';

/** On the line of a message that was decided: what a person did, or that nobody did. */
export function DraftChip({ crossing }: { crossing: Crossing }) {
  const { who } = useStage();
  const review = reviewOf(crossing.steps);
  const words = review && reviewWords(review, authorName(crossing, who));
  if (!review || !words) return null;
  return <Chip review={review} words={words} conveyanceId={crossing.id} />;
}

/** The same for a call of a tool, which has no line. */
export function CallChip({ review, author }: { review: Review; author: string }) {
  const words = reviewWords(review, author);
  return words && <Chip review={review} words={words} />;
}

type ChipProps = { review: Review; words: ReviewWords; conveyanceId?: string };

function Chip({ review, words, conveyanceId }: ChipProps) {
  // What went out has its line drawn through the chip; what did not ends before it, as before a card.
  const ends = conveyanceId && review.settled && !goesOut(review.settled.status) ? { 'data-card': conveyanceId } : {};
  return (
    <div className={classNames('relative z-1 flex justify-center', conveyanceId ? 'mt-[33px]' : 'mt-1')}>
      <a
        {...ends}
        href={`/drafts/${review.draftId}`}
        className={classNames(
          'inline-flex h-5 min-w-0 max-w-full items-center gap-1.5 whitespace-nowrap rounded-control border bg-raised px-2 text-meta text-text-2 no-underline hover:bg-hover pointer-coarse:h-11',
          words.isPerson ? 'border-human' : 'border-line-strong',
        )}
      >
        {words.isPerson && (
          <User aria-hidden="true" size={12} strokeWidth={1.5} className="flex-none fill-human text-human" />
        )}
        <ReviewSentence words={words} />
      </a>
    </div>
  );
}

/** The words of a review on one line, the person's name in bold. */
export const ReviewSentence = ({ words: { before, who, after } }: { words: ReviewWords }) => (
  <span className="min-w-0 truncate">
    {before}
    {who !== null && (
      <b className="font-strong text-text">
        <HostileText text={who} wrap={false} />
      </b>
    )}
    <HostileText text={after} wrap={false} />
  </span>
);
