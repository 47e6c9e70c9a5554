'use client';

import { useEffect, useRef } from 'react';
import { useLive } from './live-view';

/** Keeps every list of drafts current (draft-follower.ts); `onOffered` hears of each new one. To be used once on a page. */
export function useDraftsLive(onOffered: (draftId: string) => void): void {
  const live = useLive();
  const latest = useRef(onOffered);
  useEffect(() => {
    latest.current = onOffered;
  }, [onOffered]);
  useEffect(() => live?.followDrafts((draftId) => latest.current(draftId)), [live]);
}
