import type { EncodedEntry } from './encoded-entry';

/** Entries of a stream are read and kept in pages that begin at fixed places, so that readers anywhere share them. */
export const PAGE_ENTRIES = 100;

/** Which page holds this `streamSeq`, counted from 0. */
export const pageOf = (streamSeq: number): number => Math.floor((streamSeq - 1) / PAGE_ENTRIES);

type Page = { entries: readonly EncodedEntry[]; bytes: number };

/**
 * Encoded entries of all watched streams, the least used page going first. Redaction empties payloads, so whoever
 * learns of one clears the whole; what was being read meanwhile carries the old generation and is not kept.
 */
export type EntryCache = {
  /** Keeps contiguous, ascending entries of one stream, unless `generation` is over. */
  put(stream: string, entries: readonly EncodedEntry[], generation?: number): void;
  /** What is here from `after + 1`, up to the end of its page. */
  from(stream: string, after: number): readonly EncodedEntry[];
  clear(): void;
  generation(): number;
  bytes(): number;
};

export function createEntryCache(maxBytes: number): EntryCache {
  const pages = new Map<string, Page>(); // in order of use
  let bytes = 0;
  let generation = 0;

  function keep(key: string, run: readonly EncodedEntry[]): void {
    const former = pages.get(key);
    const entries = former ? joined(former.entries, run) : run;
    const page = { entries, bytes: entries.reduce((sum, entry) => sum + entry.bytes, 0) };
    pages.delete(key);
    pages.set(key, page);
    bytes += page.bytes - (former?.bytes ?? 0);
    evict();
  }

  function evict(): void {
    for (const [key, page] of pages) {
      if (bytes <= maxBytes || pages.size === 1) return;
      pages.delete(key);
      bytes -= page.bytes;
    }
  }

  return {
    put(stream, entries, read = generation) {
      if (read !== generation) return;
      let start = 0;
      for (const [index, entry] of entries.entries()) {
        const next = entries[index + 1];
        if (next && pageOf(next.streamSeq) === pageOf(entry.streamSeq)) continue;
        keep(`${stream} ${pageOf(entry.streamSeq)}`, entries.slice(start, index + 1));
        start = index + 1;
      }
    },
    from(stream, after) {
      const key = `${stream} ${pageOf(after + 1)}`;
      const page = pages.get(key);
      const first = page?.entries[0];
      if (!page || !first || after + 1 < first.streamSeq) return [];
      pages.delete(key);
      pages.set(key, page);
      return page.entries.slice(after + 1 - first.streamSeq);
    },
    clear() {
      pages.clear();
      bytes = 0;
      generation += 1;
    },
    generation: () => generation,
    bytes: () => bytes,
  };
}

/** Both runs as one where they touch; otherwise the newer one, so that who has just read it finds it. */
function joined(known: readonly EncodedEntry[], run: readonly EncodedEntry[]): readonly EncodedEntry[] {
  const [first, last] = [known[0]?.streamSeq ?? 0, known.at(-1)?.streamSeq ?? 0];
  const [runFirst, runLast] = [run[0]?.streamSeq ?? 0, run.at(-1)?.streamSeq ?? 0];
  if (runFirst > last + 1 || runLast < first - 1) return run;
  const before = run.slice(0, Math.max(0, first - runFirst));
  const after = run.slice(Math.max(0, last + 1 - runFirst));
  return [...before, ...known, ...after];
}
