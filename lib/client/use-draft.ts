'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Draft } from '@/lib/protocol/draft';
import { draftQuery, waitingDraftsQuery } from './draft-queries';

/** One draft as it stands now, at once where the inbox knows it; `error` where it cannot be had. */
export function useDraft(draftId: string): { draft: Draft | undefined; error: Error | null } {
  const queryClient = useQueryClient();
  const query = useQuery({
    ...draftQuery(draftId),
    placeholderData: () =>
      queryClient.getQueryData(waitingDraftsQuery.queryKey)?.items.find(({ id }) => id === draftId),
  });
  return { draft: query.data, error: query.error };
}

/** The drafts of a conversation that wait, oldest deadline first. */
export const useWaitingIn = (conversationId: string): readonly Draft[] =>
  useQuery({
    ...waitingDraftsQuery,
    select: ({ items }) => items.filter((draft) => draft.conversationId === conversationId),
  }).data ?? none;

const none: readonly Draft[] = [];
