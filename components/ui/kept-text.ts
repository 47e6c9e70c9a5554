'use client';

import { useCallback, useSyncExternalStore } from 'react';

const KEY = 'parley.typed.';
const known = new Map<string, string | null>();
const watchers = new Set<() => void>();

/** What was typed under that name in this tab and not sent yet; null where nothing was. */
function keptText(name: string): string | null {
  const text = known.get(name);
  if (text !== undefined) return text;
  const stored = window.sessionStorage.getItem(KEY + name);
  known.set(name, stored);
  return stored;
}

/** Keeps what is being typed, or lets go of it (null). */
function keepText(name: string, text: string | null): void {
  known.set(name, text);
  try {
    if (text === null) window.sessionStorage.removeItem(KEY + name);
    else window.sessionStorage.setItem(KEY + name, text);
  } catch {
    window.sessionStorage.removeItem(KEY + name); // more than the browser takes: it is kept until the page is left
  }
  for (const watcher of watchers) watcher();
}

const watch = (watcher: () => void) => {
  watchers.add(watcher);
  return () => {
    watchers.delete(watcher);
  };
};

/**
 * A text that somebody types, kept for this tab under a name of its own: it is there again when its field comes back,
 * after another page, a row that left the screen, a seat that was lost, a reload, a new sign-in. Null: nothing was typed.
 */
export function useKeptText(name: string): [text: string | null, keep: (text: string | null) => void] {
  const text = useSyncExternalStore(
    watch,
    () => keptText(name),
    () => null,
  );
  return [text, useCallback((next) => keepText(name, next), [name])];
}
