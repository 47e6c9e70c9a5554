'use client';

import { lazyModule } from '@/components/ui/lazy-module';
import { type ParkedCall, type Review, reviewOf } from '@/lib/domain/transcript/review';
import type { CrossingEnd } from './crossing-end';

/** Drafts, what they came to, and what went no further: loaded after the first painting, and again if that failed. */
export const channelMarks = lazyModule(() => import('./channel-draft'));

/** What stands in the channel for one message; its room until then. */
export function CrossingMark({ end, shown }: { end: CrossingEnd; shown: readonly string[] }) {
  const marks = channelMarks.useLoaded(true);
  if (marks) return <marks.CrossingMark end={end} shown={shown} />;
  return <Room review={reviewOf(end.crossing.steps)} card="mt-[25px]" chip="mt-[33px]" />;
}

/** The same for a call of a tool. */
export function CallMark({ call, shown }: { call: ParkedCall; shown: readonly string[] }) {
  const marks = channelMarks.useLoaded(true);
  if (marks) return <marks.CallMark call={call} shown={shown} />;
  return <Room review={reviewOf(call.steps)} card="mt-1" chip="mt-1" />;
}

function Room({ review, card, chip }: { review: Review | null | undefined; card: string; chip: string }) {
  if (!review) return null;
  return <div className={review.settled ? `${chip} h-5` : `${card} mb-2 h-9`} />;
}
