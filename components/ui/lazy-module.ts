'use client';

import { useEffect, useSyncExternalStore } from 'react';
import { createStore } from './store';

/** A part of the program that is loaded when it is first wanted. */
export type LazyModule<Module> = {
  /** Loads it, if that was not done yet, so that it is there when it is wanted. */
  preload(): void;
  /** What was loaded; null until then. */
  now(): Module | null;
  /** The same, and has it loaded as soon as it is `wanted`. `onFailure`: it could not be, and may be wanted again. */
  useLoaded(wanted: boolean, onFailure?: () => void): Module | null;
};

/** `load` is one `import()` with a literal path, so that the build makes a file of its own of it. */
export function lazyModule<Module>(load: () => Promise<Module>): LazyModule<Module> {
  const loaded = createStore<Module | null>(null);
  let loading: Promise<void> | null = null;

  const ensure = (): Promise<void> => {
    loading ??= load().then(
      (module) => loaded.set(module),
      (error: unknown) => {
        loading = null;
        throw error;
      },
    );
    return loading;
  };

  return {
    preload: () => void ensure().catch(() => undefined), // whoever wants it then is told
    now: loaded.get,
    useLoaded(wanted, onFailure) {
      useEffect(() => {
        if (!wanted || loaded.get()) return;
        let isAsked = true;
        ensure().catch(() => isAsked && onFailure?.());
        return () => {
          isAsked = false;
        };
      });
      return useSyncExternalStore(loaded.subscribe, loaded.get, loaded.get);
    },
  };
}
