import type { QueryClient } from '@tanstack/react-query';
import { cutText } from '@/components/ui/cut-text';
import { withHiddenWrittenOut } from '@/components/ui/hidden-characters';
import { draftQuery } from '@/lib/client/draft-queries';
import { draftAlerts, playDraftSound, showNotice } from './draft-alerts';
import { routeText } from './route-text';

const TEXT_MAX = 140;

/** Tells of a new draft beside the figures, as the reader wishes. `go` leads to it. */
export function tellOffered(queryClient: QueryClient, draftId: string, go: () => void): void {
  const { notification, sound } = draftAlerts();
  if (sound) playDraftSound();
  if (!notification || !document.hidden) return;
  queryClient.fetchQuery(draftQuery(draftId)).then(
    (draft) => {
      const notice = showNotice(withHiddenWrittenOut(routeText(draft)), {
        body: withHiddenWrittenOut(cutText(draft.content, TEXT_MAX, '…')),
        tag: draftId,
      });
      if (!notice) return;
      notice.onclick = () => {
        window.focus();
        go();
      };
    },
    () => undefined, // it is in the inbox all the same, which says itself when it cannot be loaded
  );
}
