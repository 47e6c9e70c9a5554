'use client';

import { useSyncExternalStore } from 'react';

/** A value that many small parts read, each redrawn only when what it reads of it changed. */
export type Store<T> = {
  get(): T;
  set(value: T): void;
  subscribe(listener: () => void): () => void;
  /** As the server draws it. */
  readonly initial: T;
};

export function createStore<T>(initial: T): Store<T> {
  let current = initial;
  const listeners = new Set<() => void>();
  return {
    initial,
    get: () => current,
    set(value) {
      if (value === current) return;
      current = value;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

/** What `read` makes of the store's value; must give the same (`===`) for the same value. */
export const useStore = <T, Read>(store: Store<T>, read: (value: T) => Read): Read =>
  useSyncExternalStore(
    store.subscribe,
    () => read(store.get()),
    () => read(store.initial),
  );
