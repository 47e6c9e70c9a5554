'use client';

import { User } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { classNames } from '@/components/ui/class-names';
import { HostileText } from '@/components/ui/hostile-text';
import { lazyModule } from '@/components/ui/lazy-module';
import { wantsStillness } from '@/components/ui/wants-stillness';
import type { Crossing } from '@/lib/domain/transcript/crossing';
import { goesOut, type Review, reviewOf } from '@/lib/domain/transcript/review';
import { authorName } from './crossing-end';
import { type ReviewWords, reviewWords } from './review-words';
import { useStage } from './stage-context';

const editedCount = lazyModule(() => import('./edited-count'));

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
  const chip = useShrinkingIn(review.settled?.at);
  const isEdited = review.settled?.status === 'edited';
  const count = editedCount.useLoaded(isEdited); // says nothing where it cannot be loaded: it adds to the words
  // What went out has its line drawn through the chip; what did not ends before it, as before a card.
  const ends = conveyanceId && review.settled && !goesOut(review.settled.status) ? { 'data-card': conveyanceId } : {};
  return (
    <div className={classNames('relative z-1 flex justify-center', conveyanceId ? 'mt-[33px]' : 'mt-1')}>
      <a
        ref={chip}
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
        {isEdited && count && <count.EditedCount draftId={review.draftId} />}
      </a>
    </div>
  );
}

/** So young a verdict is seen to come out of its card. */
const FRESH_MS = 2_000;
const SHRINK_MS = 220;

/** The card that was answered shrinks into its chip, for a reader who was there and does not mind motion. */
function useShrinkingIn(settledAt: string | undefined) {
  const chip = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (settledAt === undefined || Date.now() - Date.parse(settledAt) > FRESH_MS) return;
    if (wantsStillness()) return;
    const from = { transform: 'scale(1.6, 5)', opacity: 0.2 };
    chip.current?.animate([from, { transform: 'none', opacity: 1 }], { duration: SHRINK_MS, easing: 'ease-out' });
  }, [settledAt]);
  return chip;
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
