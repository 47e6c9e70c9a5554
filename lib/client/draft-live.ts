'use client';

import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { knownEntry, type WireEntry } from '@/lib/protocol/entry';
import { inboxStream } from '@/lib/protocol/stream';
import { takeDraft } from './draft-cache';
import { decidedDraftsQuery, draftQuery, rulesQuery, waitingDraftsQuery } from './draft-queries';
import { useLive } from './live-view';

/** What happens within so many milliseconds is looked up together. */
const GATHER_MS = 60;
/** Of more drafts than this the whole list is fetched instead of each one. */
const SINGLY_MAX = 20;

/**
 * Keeps every list of drafts current with the stream `inbox`: a draft that an entry names is asked for and put in its
 * place, so that a thousand that wait cost nothing when one of them moves. `onOffered` hears of each new one. To be used
 * once on a page.
 */
export function useDraftsLive(onOffered: (draftId: string) => void): void {
  const live = useLive();
  const queryClient = useQueryClient();
  const latest = useRef(onOffered);
  useEffect(() => {
    latest.current = onOffered;
  }, [onOffered]);
  useEffect(() => {
    if (!live) return;
    const follower = createFollower(queryClient, (draftId) => latest.current(draftId));
    const reading = live.read(inboxStream, {
      at: null,
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
  }, [live, queryClient]);
}

function createFollower(queryClient: QueryClient, onOffered: (draftId: string) => void) {
  let named = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const fetchAll = () => {
    for (const { queryKey } of [waitingDraftsQuery, decidedDraftsQuery])
      void queryClient.invalidateQueries({ queryKey });
    void queryClient.invalidateQueries({ queryKey: ['live', 'draft'] });
  };

  function lookUp(): void {
    timer = undefined;
    const ids = [...named];
    named = new Set();
    if (ids.length > SINGLY_MAX) {
      fetchAll();
      return;
    }
    for (const id of ids) {
      queryClient.fetchQuery({ ...draftQuery(id), staleTime: 0 }).then(
        (draft) => takeDraft(queryClient, draft),
        fetchAll, // what cannot be looked up now must not be missing in the list
      );
    }
  }

  function took(entries: readonly WireEntry[]): void {
    for (const wire of entries) {
      if (wire.type.startsWith('rule.')) void queryClient.invalidateQueries({ queryKey: rulesQuery.queryKey });
      const draftId = wire.type.startsWith('draft.') ? wire.payload?.['draftId'] : undefined;
      if (typeof draftId !== 'string') continue;
      named.add(draftId);
      if (knownEntry(wire)?.type === 'draft.offered') onOffered(draftId);
    }
    if (named.size > 0) timer ??= setTimeout(lookUp, GATHER_MS);
  }

  return { took, lost: fetchAll, stop: () => clearTimeout(timer) };
}
