import type { QueryClient } from '@tanstack/react-query';
import { withDraft } from '@/lib/domain/draft/draft-order';
import type { Draft } from '@/lib/protocol/draft';
import type { ViewedDraft } from '@/lib/protocol/socket';
import { decidedDraftsQuery, draftQuery, waitingDraftsQuery } from './draft-queries';

/** Puts a draft as the server just told it into all that shows it; answers with it. */
export function takeDraft(queryClient: QueryClient, draft: Draft): Draft {
  queryClient.setQueryData(draftQuery(draft.id).queryKey, draft);
  queryClient.setQueryData(
    waitingDraftsQuery.queryKey,
    (known) => known && { ...known, items: withDraft(known.items, draft) },
  );
  queryClient.setQueryData(
    decidedDraftsQuery.queryKey,
    (known) => known && { ...known, items: withEnded(known.items, draft) },
  );
  return draft;
}

/** Puts who has drafts open now into those that the page holds. */
export function takeViewed(queryClient: QueryClient, viewed: readonly ViewedDraft[]): void {
  const told = new Map<string, Draft['viewers']>(viewed.map(({ draftId, viewers }) => [draftId, viewers]));
  for (const [draftId, viewers] of told) {
    queryClient.setQueryData(draftQuery(draftId).queryKey, (known) => known && { ...known, viewers });
  }
  queryClient.setQueryData(
    waitingDraftsQuery.queryKey,
    (known) => known && { ...known, items: known.items.map((draft) => withTold(draft, told.get(draft.id))) },
  );
}

const withTold = (draft: Draft, viewers: Draft['viewers'] | undefined): Draft =>
  viewers ? { ...draft, viewers } : draft;

/** The ended drafts with one as it now stands: in its old place, first where it is new to them, gone where it waits again. */
function withEnded(drafts: Draft[], draft: Draft): Draft[] {
  const index = drafts.findIndex(({ id }) => id === draft.id);
  if (draft.status === 'pending') return index < 0 ? drafts : drafts.toSpliced(index, 1);
  return index < 0 ? [draft, ...drafts] : drafts.with(index, draft);
}
