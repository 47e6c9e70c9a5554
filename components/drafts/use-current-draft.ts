'use client';

import { usePathname } from 'next/navigation';
import { useCallback } from 'react';

/** The draft that the address names, and the way to another. No page is fetched for it: the inbox has all it shows. */
export function useCurrentDraft(): {
  named: string | null;
  go: (draftId: string | null, how?: 'push' | 'replace') => void;
} {
  const named = /^\/drafts\/([^/]+)$/.exec(usePathname())?.[1] ?? null;
  const go = useCallback((draftId: string | null, how: 'push' | 'replace' = 'replace') => {
    const address = `${draftId === null ? '/drafts' : `/drafts/${draftId}`}${window.location.search}`;
    if (how === 'push') window.history.pushState(null, '', address);
    else window.history.replaceState(null, '', address);
  }, []);
  return { named, go };
}
