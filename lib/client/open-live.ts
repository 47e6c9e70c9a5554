import type { QueryClient } from '@tanstack/react-query';
import type { Live } from './live';
import { pageConnection } from './live-connection';

const AGAIN_MS = 2_000;

/**
 * Loads what keeps the live connection (live.ts), connects, and has the lists of every page follow it. No page needs it
 * to be drawn or used, so that it is no part of what a page loads first. Returns what ends it, also before it is there.
 */
export function openLive(queryClient: QueryClient, opened: (live: Live) => void): () => void {
  let isWanted = true;
  let again: ReturnType<typeof setTimeout> | undefined;
  let close = () => pageConnection.onReconnect(null);

  const connect = ([{ connectLive }, { liveLists }]: Awaited<ReturnType<typeof load>>) => {
    if (!isWanted) return;
    const live = connectLive(queryClient);
    const stops = liveLists.map(live.invalidateOn);
    close = () => {
      for (const stop of stops) stop();
      live.close();
    };
    opened(live);
  };
  const attempt = () => {
    clearTimeout(again);
    load().then(connect, () => {
      if (!isWanted) return;
      pageConnection.set({ state: 'offline', lastBeatAt: null, latencyMs: null });
      pageConnection.onReconnect(attempt);
      again = setTimeout(attempt, AGAIN_MS);
    });
  };
  attempt();

  return () => {
    isWanted = false;
    clearTimeout(again);
    close();
  };
}

const load = () => Promise.all([import('./live'), import('./live-lists')]);
