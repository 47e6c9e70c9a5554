'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useCallback } from 'react';
import { withHiddenWrittenOut } from '@/components/ui/hidden-characters';
import { useShortcuts } from '@/components/ui/use-shortcuts';
import { useDraftsLive } from '@/lib/client/draft-live';
import { draftQuery, waitingDraftsQuery } from '@/lib/client/draft-queries';
import { draftAlerts, playDraftSound, showNotice } from './draft-alerts';
import { useWindowCount } from './window-count';

const TEXT_MAX = 140;

/** How many drafts wait; 0 until it is known. */
export const useWaitingCount = (): number => useQuery(waitingDraftsQuery).data?.items.length ?? 0;

/** Keeps drafts current on every page, counts them in the tab, and tells of new ones as the reader wishes. Draws nothing. */
export function DraftWatch() {
  const router = useRouter();
  const queryClient = useQueryClient();
  const tell = useCallback(
    (draftId: string) => {
      const { notification, sound } = draftAlerts();
      if (sound) playDraftSound();
      if (!notification || !document.hidden) return;
      queryClient.fetchQuery(draftQuery(draftId)).then(
        ({ from, to, content }) => {
          const notice = showNotice(withHiddenWrittenOut(`${from.name} → ${to.name}`), {
            body: withHiddenWrittenOut(content.slice(0, TEXT_MAX)),
            tag: draftId,
          });
          if (!notice) return;
          notice.onclick = () => {
            window.focus();
            router.push(`/drafts/${draftId}`);
          };
        },
        () => undefined, // it is in the inbox all the same, which says itself when it cannot be loaded
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
        const drafts = queryClient.getQueryData(waitingDraftsQuery.queryKey)?.items ?? [];
        const [newest] = drafts.toSorted((one, other) => (one.createdAt < other.createdAt ? 1 : -1));
        router.push(newest ? `/drafts/${newest.id}` : '/drafts');
      },
    },
  ]);
  return null;
}
