'use client';

import { useEffect } from 'react';
import type { Draft } from '@/lib/protocol/draft';
import { useCaller } from './caller';
import { useLive } from './live-view';

/** Tells that the reader looks at the draft, as long as it waits and is shown; answers with who else does. */
export function useDraftViewing({ id, status, viewers }: Draft): Draft['viewers'] {
  const live = useLive();
  const caller = useCaller();
  const isWaiting = status === 'pending';
  useEffect(() => {
    if (live && isWaiting) return live.viewing(id);
  }, [live, id, isWaiting]);
  return isWaiting ? viewers.filter(({ personId }) => personId !== caller.id) : [];
}
