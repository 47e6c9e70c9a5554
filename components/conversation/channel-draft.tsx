'use client';

import { type ParkedCall, reviewOf } from '@/lib/domain/transcript/review';
import { CrossingCard } from './crossing-card';
import type { CrossingEnd } from './crossing-end';
import { DraftCard } from './draft-card';
import { CallChip, DraftChip } from './draft-chip';
import { useStage } from './stage-context';

/** What stands in the channel for one message: the draft that it is, what a draft came to, and why it went no further. */
export function CrossingMark({ end, shown }: { end: CrossingEnd; shown: readonly string[] }) {
  const review = reviewOf(end.crossing.steps);
  if (review && !review.settled) {
    return <DraftCard draftId={review.draftId} conveyanceId={end.crossing.id} shown={shown} />;
  }
  return (
    <>
      <DraftChip crossing={end.crossing} />
      <CrossingCard end={end} shown={shown} />
    </>
  );
}

/** The same for a call of a tool. */
export function CallMark({ call, shown }: { call: ParkedCall; shown: readonly string[] }) {
  const { who } = useStage();
  const review = reviewOf(call.steps);
  if (!review) return null;
  if (!review.settled) return <DraftCard draftId={review.draftId} shown={shown} />;
  return <CallChip review={review} author={(call.seat && who[call.seat]?.name) || 'the author'} />;
}
