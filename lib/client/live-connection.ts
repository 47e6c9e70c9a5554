import { useSyncExternalStore } from 'react';

/**
 * Whether the page hears the server. `lastBeatAt` is when anything last came (Date.now()), null before the first;
 * `latencyMs` is how long a question and its answer take. `reason` is for people.
 *
 * `connecting`: not yet, or lost a moment ago · `live` · `stale`: connected, but nothing came for 15 s · `offline`:
 * it keeps trying · `refused`: it does not try again by itself.
 */
export type Connection = {
  state: 'connecting' | 'live' | 'stale' | 'offline' | 'refused';
  lastBeatAt: number | null;
  latencyMs: number | null;
  reason?: string | undefined;
};

const unconnected: Connection = { state: 'connecting', lastBeatAt: null, latencyMs: null };

/** A value that components may subscribe to. */
export type ConnectionStore = {
  get(): Connection;
  set(connection: Connection): void;
  subscribe(listener: () => void): () => void;
  /** What `reconnectNow` does while there is a connection to be had. */
  onReconnect(reconnect: (() => void) | null): void;
  reconnect(): void;
};

export function createConnectionStore(): ConnectionStore {
  const listeners = new Set<() => void>();
  let current = unconnected;
  let again: (() => void) | null = null;
  return {
    get: () => current,
    set(connection) {
      current = connection;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onReconnect: (reconnect) => {
      again = reconnect;
    },
    reconnect: () => again?.(),
  };
}

/** The page's one connection. */
export const pageConnection: ConnectionStore = createConnectionStore();

/** How the connection stands; changes at most four times a second while it is live. */
export const useConnection = (): Connection =>
  useSyncExternalStore(pageConnection.subscribe, pageConnection.get, () => unconnected);

/** Tries at once instead of when it would be due, also after a refusal. */
export const reconnectNow = (): void => pageConnection.reconnect();
