'use client';

import { useCallback, useSyncExternalStore } from 'react';
import { storedText, storeText } from './browser-storage';
import { createStore } from './store';

const KEY = 'parley.typed.';

/** What was typed since the page was loaded, by name; null where it was let go of. */
const typed = createStore<ReadonlyMap<string, string | null>>(new Map());

/** What was typed under that name in this tab and not sent yet; null where nothing was. */
function keptText(name: string): string | null {
  const text = typed.get().get(name);
  return text === undefined ? storedText('session', KEY + name) : text;
}

/** Keeps what is being typed, or lets go of it (null). Where the browser does not take it, until the page is left. */
function keepText(name: string, text: string | null): void {
  storeText('session', KEY + name, text);
  typed.set(new Map(typed.get()).set(name, text));
}

/**
 * A text that somebody types, kept for this tab under a name of its own: it is there again when its field comes back,
 * after another page, a row that left the screen, a seat that was lost, a reload, a new sign-in. Null: nothing was typed.
 */
export function useKeptText(name: string): [text: string | null, keep: (text: string | null) => void] {
  const text = useSyncExternalStore(
    typed.subscribe,
    () => keptText(name),
    () => null,
  );
  return [text, useCallback((next) => keepText(name, next), [name])];
}
