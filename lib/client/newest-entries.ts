import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from './api';

const NEWEST = 60;
/** Each thing that happens makes a page of its own: those before it are let go of soon, or a page left open fills up. */
const KEPT_MS = 10_000;
/** Above any position in a stream: `before` it come the newest entries. */
export const BEYOND_ALL = Number.MAX_SAFE_INTEGER;

/** The newest entries of a conversation; `activity` is its lastActivityAt, so that they follow when something happens. */
export const newestEntriesQuery = (conversationId: string, activity: string) =>
  queryOptions({
    queryKey: ['newest-entries', conversationId, activity],
    queryFn: ({ signal }) =>
      api({
        path: `/api/conversations/${conversationId}/entries`,
        query: { before: BEYOND_ALL, limit: NEWEST },
        answer: { later: ({ pageOf, WireEntry }) => pageOf(WireEntry) },
        signal,
      }),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: KEPT_MS,
  });
