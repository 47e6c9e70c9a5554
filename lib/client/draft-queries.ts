import { queryOptions } from '@tanstack/react-query';
import type { Draft, DraftStatus } from '@/lib/protocol/draft';
import { api, apiList } from './api';
import type { AnswerSchemas } from './load-schemas';

/** How often the draft on the screen is fetched anew: who looks at it is told live but volatile, and may get lost. */
const VIEWERS_REFRESH_MS = 30_000;

/** Of each end, so many pages of 500 at most. */
const ENDED_PAGES = 2;

const drafts = { later: (all: AnswerSchemas) => all.Draft };

const ended = ['approved', 'edited', 'responded', 'rejected', 'ignored', 'expired', 'withdrawn'] as const;

/** All that waits, oldest deadline first. Kept current by draft-follower.ts, one draft at a time. */
export const waitingDraftsQuery = queryOptions({
  queryKey: ['live', 'drafts', 'waiting'],
  queryFn: ({ signal }) => apiList('/api/drafts?status=pending', drafts, signal),
  staleTime: Number.POSITIVE_INFINITY,
});

/** What was decided, ran out or was withdrawn, the latest first. Kept current in the same way. */
export const decidedDraftsQuery = queryOptions({
  queryKey: ['live', 'drafts', 'decided'],
  queryFn: async ({ signal }) => {
    const of = (status: DraftStatus) => apiList(`/api/drafts?status=${status}`, drafts, signal, ENDED_PAGES);
    const lists = await Promise.all(ended.map(of));
    const items = lists.flatMap((list) => list.items).sort((one, other) => endedAt(other) - endedAt(one));
    return { items, more: lists.some((list) => list.more) };
  },
  staleTime: Number.POSITIVE_INFINITY,
});

/** When a draft came to its end, in milliseconds since 1970, as far as it says so. */
export function endedAt({ verdictsGiven, expiresAt, createdAt, status }: Draft): number {
  const last = verdictsGiven.at(-1)?.at ?? (status === 'expired' ? expiresAt : null) ?? createdAt;
  return Date.parse(last);
}

/** One draft. */
export const draftQuery = (draftId: string) =>
  queryOptions({
    queryKey: ['live', 'draft', draftId],
    queryFn: ({ signal }) => api({ path: `/api/drafts/${encodeURIComponent(draftId)}`, answer: drafts, signal }),
    refetchInterval: VIEWERS_REFRESH_MS,
  });
