'use client';

import { usePathname } from 'next/navigation';
import { useEffect, useSyncExternalStore } from 'react';
import { withHiddenWrittenOut } from '@/components/ui/hidden-characters';

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
let head: PageHead = nothing;
const watchers = new Set<() => void>();

const set = (next: PageHead) => {
  head = next;
  for (const watcher of watchers) watcher();
};
const watch = (watcher: () => void) => {
  watchers.add(watcher);
  return () => {
    watchers.delete(watcher);
  };
};

/** Sets the last crumb, the window's title and the sandbox label for as long as the calling part is on the screen. */
export function usePageHead({ crumb = null, sandbox = false }: Partial<Omit<PageHead, 'path'>>): void {
  const path = usePathname();
  useEffect(() => {
    set({ crumb, sandbox, path });
    if (crumb !== null) document.title = `${withHiddenWrittenOut(crumb)} · Parley`;
    return () => set(nothing);
  }, [crumb, sandbox, path]);
}

export const useCurrentPageHead = (): PageHead =>
  useSyncExternalStore(
    watch,
    () => head,
    () => nothing,
  );
