'use client';

import { Countdown } from '@/components/ui/countdown';
import { StateShape } from '@/components/ui/state-shape';
import { Tag } from '@/components/ui/tag';
import { useDraft } from '@/lib/client/use-draft';
import type { ParkedCall, Review } from '@/lib/domain/transcript/review';
import { reviewOf } from '@/lib/domain/transcript/review';
import { ReviewSentence } from './draft-chip';
import { reviewWords } from './review-words';
import { useStage } from './stage-context';

/** How a draft stands, in the list of what crossed: its time left, or what became of it. */
export function ReviewTag({ review, author }: { review: Review; author: string }) {
  const words = reviewWords(review, author);
  if (!words) return <WaitingTag draftId={review.draftId} />;
  return (
    <Tag tone={words.isPerson ? 'human' : 'plain'}>
      <ReviewSentence words={words} />
    </Tag>
  );
}

function WaitingTag({ draftId }: { draftId: string }) {
  const { draft } = useDraft(draftId);
  return (
    <Tag tone="wait">
      <StateShape shape="diamond" />
      Draft
      {draft && <Countdown from={draft.createdAt} until={draft.expiresAt} />}
    </Tag>
  );
}

/** A call of a tool in the list of what crossed, below 900 px: the sheet holds its answers. */
export function CallLine({ call }: { call: ParkedCall }) {
  const { who } = useStage();
  const review = reviewOf(call.steps);
  const author = (call.seat && who[call.seat]?.name) || 'the author';
  if (!review) return null;
  return (
    <div className="flex items-center gap-2 border-line border-b bg-surface px-3 py-2 text-meta text-text-2">
      A call of {author} <ReviewTag review={review} author={author} />
    </div>
  );
}
