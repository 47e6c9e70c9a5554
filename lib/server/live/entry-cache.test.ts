import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEntryCache, PAGE_ENTRIES } from './entry-cache';

const entry = (streamSeq: number) => ({ streamSeq, text: `{"streamSeq":${streamSeq}}`, bytes: 20 });
const run = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => entry(from + index));
const seqs = (entries: readonly { streamSeq: number }[]) => entries.map(({ streamSeq }) => streamSeq);

describe('the cache of encoded entries', () => {
  it('gives what follows a position up to the end of its page', () => {
    const cache = createEntryCache(1e6);
    cache.put('s', run(1, PAGE_ENTRIES + 10));
    expect(seqs(cache.from('s', 97))).toEqual([98, 99, 100]);
    expect(seqs(cache.from('s', 100))).toEqual(seqs(run(101, 110)));
    expect(cache.from('s', 110)).toEqual([]);
    expect(cache.from('other', 0)).toEqual([]);
  });

  it('keeps nothing that was read before it was cleared', () => {
    const cache = createEntryCache(1e6);
    const before = cache.generation();
    cache.clear();
    cache.put('s', run(1, 5), before);
    expect(cache.from('s', 0)).toEqual([]);
    expect(cache.bytes()).toBe(0);
  });

  it('keeps within its bytes by letting the least used page go, and always keeps the last', () => {
    const cache = createEntryCache(20 * PAGE_ENTRIES * 2);
    cache.put('a', run(1, PAGE_ENTRIES));
    cache.put('b', run(1, PAGE_ENTRIES));
    cache.from('a', 0);
    cache.put('c', run(1, PAGE_ENTRIES));
    expect(cache.from('b', 0)).toEqual([]);
    expect(cache.from('a', 0)).toHaveLength(PAGE_ENTRIES);
    const tiny = createEntryCache(1);
    tiny.put('a', run(1, PAGE_ENTRIES));
    expect(tiny.from('a', 0)).toHaveLength(PAGE_ENTRIES);
  });

  it('[LV6] whatever is put in whatever order, what it gives is contiguous from the position asked', () => {
    const put = fc.record({ from: fc.integer({ min: 1, max: 260 }), length: fc.integer({ min: 1, max: 150 }) });
    fc.assert(
      fc.property(fc.array(put, { maxLength: 20 }), fc.integer({ min: 0, max: 400 }), (puts, after) => {
        const cache = createEntryCache(20 * 220);
        for (const { from, length } of puts) cache.put('s', run(from, from + length - 1));
        const given = cache.from('s', after);
        expect(seqs(given)).toEqual(given.map((_, index) => after + 1 + index));
        const last = puts.at(-1);
        if (last) expect(cache.from('s', last.from + last.length - 2)).not.toEqual([]);
      }),
    );
  });
});
