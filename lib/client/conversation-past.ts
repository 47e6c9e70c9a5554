'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { AgentMessage } from '@/lib/protocol/message';
import { pageOf } from '@/lib/protocol/page';
import { api } from './api';

const PAGE = 50;
const PastPage = pageOf(AgentMessage);

/**
 * What Letta holds of a seat's thread from before its transcript, read page by page when `older` is called, never by
 * itself. `messages` ascend; it is not recorded, and not read anew: what is past does not change.
 */
export function useConversationPast(conversationId: string, seat: string) {
  const query = useInfiniteQuery({
    queryKey: ['past', conversationId, seat],
    queryFn: ({ pageParam, signal }) =>
      api({
        path: `/api/conversations/${conversationId}/past`,
        query: { seat, before: pageParam ?? undefined, limit: PAGE },
        answer: PastPage,
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return {
    messages: query.data?.pages.toReversed().flatMap(({ items }) => items) ?? [],
    pages: query.data?.pages.length ?? 0,
    isBeginning: query.data !== undefined && !query.hasNextPage,
    isReading: query.isFetching,
    error: query.isFetching ? null : query.error,
    older: () => void (query.data ? query.fetchNextPage() : query.refetch()),
  };
}
