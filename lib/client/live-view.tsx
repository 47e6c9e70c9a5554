'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useRef, useState } from 'react';
import type { Live } from './live';
import type { LiveFold, LiveInvalidation, LiveView } from './live-cache';
import { openLive } from './open-live';

const LiveContext = createContext<Live | null>(null);

/** Holds the page's live connection. Put it once around everything that is behind the sign-in. */
export function LiveProvider({ children }: { children: React.ReactNode }) {
  const queryClient = useQueryClient();
  const [live, setLive] = useState<Live | null>(null);
  useEffect(() => {
    const end = openLive(queryClient, setLive);
    return () => {
      end();
      setLive(null);
    };
  }, [queryClient]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

/** The live connection; null until the page runs in a browser. */
export const useLive = (): Live | null => useContext(LiveContext);

/** A view of one stream. `load` takes a snapshot over HTTP and says up to where it reaches. */
export type LiveViewOptions<State> = LiveFold<State> & {
  load: (signal: AbortSignal) => Promise<LiveView<State>>;
  /** What came with the page, instead of the first load. */
  brought?: () => LiveView<State>;
  enabled?: boolean;
};

/**
 * A view that is loaded once and kept current by its stream (live.ts). `fold` and `load` may change from render to
 * render; `queryKey` and `stream` name the view. Begin the key with `live`.
 */
export function useLiveView<State>({ queryKey, stream, load, fold, brought, enabled = true }: LiveViewOptions<State>) {
  const live = useLive();
  const latestFold = useRef(fold);
  useEffect(() => {
    latestFold.current = fold;
  }, [fold]);
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => load(signal),
    ...(brought && { initialData: brought }),
    enabled,
    staleTime: Number.POSITIVE_INFINITY, // the stream keeps it current
    structuralSharing: false, // the fold shares what did not change; comparing it all anew costs as much as it is long
  });
  const key = useStable(queryKey);
  useEffect(() => {
    if (!live || !enabled) return;
    return live.foldInto<State>({ queryKey: key, stream, fold: (state, entry) => latestFold.current(state, entry) });
  }, [live, enabled, key, stream]);
  return query;
}

/** Has queries loaded again when one of the streams brings something that matters to them. */
export function useInvalidation({ streams, queryKeys, when }: LiveInvalidation): void {
  const live = useLive();
  const keys = useStable(queryKeys);
  const names = useStable(streams);
  const latestWhen = useRef(when);
  useEffect(() => {
    latestWhen.current = when;
  }, [when]);
  useEffect(
    () => live?.invalidateOn({ streams: names, queryKeys: keys, when: (entry) => latestWhen.current?.(entry) ?? true }),
    [live, names, keys],
  );
}

/** The same array as long as it says the same. */
function useStable<Item>(items: readonly Item[]): readonly Item[] {
  const [stable, setStable] = useState(items);
  if (stable === items || JSON.stringify(stable) === JSON.stringify(items)) return stable;
  setStable(items);
  return items;
}
