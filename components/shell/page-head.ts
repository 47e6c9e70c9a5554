'use client';

import { usePathname } from 'next/navigation';
import { useEffect } from 'react';
import { withHiddenWrittenOut } from '@/components/ui/hidden-characters';
import { createStore, useStore } from '@/components/ui/store';

/** What a page says about itself beyond its place in the rail. */
type PageHead = {
  /** Last crumb: the title of a conversation, the name of an agent. */
  crumb: string | null;
  /** What is shown belongs to the sandbox. */
  sandbox: boolean;
  /** The page that says it: of one that was left, the address may already be another's. */
  path: string;
};

const nothing: PageHead = { crumb: null, sandbox: false, path: '' };
const head = createStore(nothing);

/** Sets the last crumb, the window's title and the sandbox label for as long as the calling part is on the screen. */
export function usePageHead({ crumb = null, sandbox = false }: Partial<Omit<PageHead, 'path'>>): void {
  const path = usePathname();
  useEffect(() => {
    head.set({ crumb, sandbox, path });
    if (crumb !== null) document.title = `${withHiddenWrittenOut(crumb)} · Parley`;
    return () => head.set(nothing);
  }, [crumb, sandbox, path]);
}

export const useCurrentPageHead = (): PageHead => useStore(head, (now) => now);
