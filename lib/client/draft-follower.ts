import type { QueryClient } from '@tanstack/react-query';
import type { Draft } from '@/lib/protocol/draft';
import type { WireEntry } from '@/lib/protocol/entry';
import { inboxStream } from '@/lib/protocol/stream';
import { takeDraft } from './draft-cache';
import { decidedDraftsQuery, draftQuery, waitingDraftsQuery } from './draft-queries';
import { rulesQuery } from './gate-queries';
import { readAgain } from './live-cache';
import type { Streams } from './live-streams';

/** What happens first is looked up at once; what follows within so many milliseconds, together at their end. */
const GATHER_MS = 60;
/** Of more drafts than this the whole list is fetched instead of each one. */
const SINGLY_MAX = 20;

/**
 * Keeps every list of drafts current with the stream `inbox`: a draft that an entry names is asked for and put in its
 * place, so that a thousand that wait cost nothing when one of them moves. `onOffered` hears of each new one. Returns
 * what ends it.
 */
export function followDrafts(
  queryClient: QueryClient,
  streams: Streams,
  onOffered: (draftId: string) => void,
): () => void {
  const follower = createFollower(queryClient, onOffered);
  const reading = streams.read(inboxStream, {
    at: null,
    // Nobody tells what happened between that and the moment of which the lists were read.
    onBegin: follower.lost,
    onEntries: follower.took,
    onResync: (head) => {
      follower.lost();
      reading.placed(head);
    },
  });
  return () => {
    follower.stop();
    reading.leave();
  };
}

function createFollower(queryClient: QueryClient, onOffered: (draftId: string) => void) {
  let named = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const isRead = (queryKey: readonly string[]) => queryClient.getQueryState(queryKey)?.fetchStatus === 'fetching';
  const quiet = () => undefined; // the list says itself that it could not be loaded

  const fetchAll = () => {
    for (const queryKey of [waitingDraftsQuery.queryKey, decidedDraftsQuery.queryKey, ['live', 'draft']])
      void readAgain(queryClient, queryKey);
  };

  /** A list that is being read may have been read before this draft moved: it is put there again when that is done. */
  function take(draft: Draft): void {
    takeDraft(queryClient, draft);
    const again = () => {
      takeDraft(queryClient, queryClient.getQueryData(draftQuery(draft.id).queryKey) ?? draft);
    };
    if (isRead(waitingDraftsQuery.queryKey)) queryClient.fetchQuery(waitingDraftsQuery).then(again, quiet);
    if (isRead(decidedDraftsQuery.queryKey)) queryClient.fetchQuery(decidedDraftsQuery).then(again, quiet);
  }

  /** INVARIANT: asked after the entry that names it. A fetch that is under way joins others and may have been answered before. */
  function fetchOne(id: string): void {
    const query = draftQuery(id);
    const wasUnderWay = queryClient.getQueryState(query.queryKey)?.fetchStatus === 'fetching';
    queryClient.fetchQuery({ ...query, staleTime: 0 }).then(
      (draft) => {
        take(draft);
        if (wasUnderWay) fetchOne(id);
      },
      fetchAll, // what cannot be looked up now must not be missing in the list
    );
  }

  function lookUp(): void {
    timer = named.size > 0 ? setTimeout(lookUp, GATHER_MS) : undefined;
    const ids = [...named];
    named = new Set();
    if (ids.length > SINGLY_MAX) {
      fetchAll();
      return;
    }
    for (const id of ids) fetchOne(id);
  }

  function took(entries: readonly WireEntry[]): void {
    for (const wire of entries) {
      if (wire.type.startsWith('rule.')) void queryClient.invalidateQueries({ queryKey: rulesQuery.queryKey });
      const draftId = wire.type.startsWith('draft.') ? wire.payload?.['draftId'] : undefined;
      if (typeof draftId !== 'string') continue;
      named.add(draftId);
      if (wire.type === 'draft.offered') onOffered(draftId);
    }
    if (named.size > 0 && timer === undefined) lookUp();
  }

  return { took, lost: fetchAll, stop: () => clearTimeout(timer) };
}
