type Area = 'local' | 'session';

/** Asking for it throws where the browser keeps nothing for pages, as where cookies are refused. */
const storageOf = (area: Area): Storage => (area === 'local' ? window.localStorage : window.sessionStorage);

/** What this browser keeps under `key`, for the tab (`session`) or for good (`local`); null where nothing is kept. */
export function storedText(area: Area, key: string): string | null {
  try {
    return storageOf(area).getItem(key);
  } catch {
    return null; // refused: as if nothing had been kept
  }
}

/** Keeps a text under `key`, or lets go of it (null). Whether that came about: a page works where it did not. */
export function storeText(area: Area, key: string, text: string | null): boolean {
  try {
    const storage = storageOf(area);
    storage.removeItem(key); // what was kept before does not outlive a text that is more than the browser takes
    if (text !== null) storage.setItem(key, text);
    return true;
  } catch {
    return false; // refused, or too much
  }
}
