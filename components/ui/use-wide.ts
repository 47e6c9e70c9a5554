'use client';

import { useSyncExternalStore } from 'react';

const QUERY = '(min-width: 900px)';

const subscribe = (listener: () => void) => {
  const media = window.matchMedia(QUERY);
  media.addEventListener('change', listener);
  return () => media.removeEventListener('change', listener);
};

/** Whether panes fit side by side: two and the channel of a conversation, list and detail of the inbox. */
export const useWide = (): boolean =>
  useSyncExternalStore(
    subscribe,
    () => window.matchMedia(QUERY).matches,
    () => true,
  );
