'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useCallback } from 'react';
import { useShortcuts } from '@/components/ui/use-shortcuts';
import { useDraftsLive } from '@/lib/client/draft-live';
import { waitingDraftsQuery } from '@/lib/client/draft-queries';
import type { Draft } from '@/lib/protocol/draft';
import { useWindowCount } from './window-count';

/** How many drafts wait; 0 until it is known. */
export const useWaitingCount = (): number => useQuery(waitingDraftsQuery).data?.items.length ?? 0;

/** Keeps drafts current on every page, counts them in the tab, and tells of new ones as the reader wishes. Draws nothing. */
export function DraftWatch() {
  const router = useRouter();
  const queryClient = useQueryClient();
  const tell = useCallback(
    (draftId: string) => {
      const go = () => router.push(`/drafts/${draftId}`);
      // It is in the inbox all the same, which says itself when something cannot be loaded.
      import('./tell-offered').then(
        ({ tellOffered }) => tellOffered(queryClient, draftId, go),
        () => undefined,
      );
    },
    [queryClient, router],
  );
  useDraftsLive(tell);
  useWindowCount(useWaitingCount());
  useShortcuts('Everywhere', [
    {
      keys: 'mod+shift+j',
      label: 'Go to the newest draft',
      run: () => {
        const go = (drafts: readonly Draft[]) => {
          const [newest] = drafts.toSorted((one, other) => (one.createdAt < other.createdAt ? 1 : -1));
          router.push(newest ? `/drafts/${newest.id}` : '/drafts');
        };
        // Also before the page knows of any; where they cannot be had, the inbox says so.
        queryClient.ensureQueryData(waitingDraftsQuery).then(
          ({ items }) => go(items),
          () => go([]),
        );
      },
    },
  ]);
  return null;
}
