import type { Delta } from '@/lib/protocol/socket';
import type { Stream } from '@/lib/protocol/stream';
import type { Streams } from './live-streams';
import type { Writing } from './live-writing';
import { addDelta, finishWriting } from './live-writing';
import { nothingWriting } from './still-writing';

/**
 * What is being written in a stream, for `useSyncExternalStore`: told at most once a frame, texts that were finished
 * included (`stillWriting` leaves them out).
 */
export type WritingStore = { get(): Writing['texts']; subscribe(listener: () => void): () => void };

/** All streams in which somebody looks at what is being written. */
export type WritingStores = { of(stream: Stream): WritingStore; took(delta: Delta): void };

type Kept = { writing: Writing; shown: Writing['texts']; listeners: Set<() => void>; leave: () => void };

export function createWritingStores(streams: Streams): WritingStores {
  const kept = new Map<Stream, Kept>();
  const stores = new Map<Stream, WritingStore>();
  const changed = new Set<Kept>();

  const show = () => {
    const due = [...changed];
    changed.clear();
    for (const one of due) {
      one.shown = one.writing.texts;
      for (const listener of one.listeners) listener();
    }
  };

  function change(one: Kept, writing: Writing): void {
    if (writing.texts !== one.shown) {
      if (changed.size === 0) nextFrame(show);
      changed.add(one);
    }
    one.writing = writing;
  }

  function keep(stream: Stream): Kept {
    const one: Kept = {
      writing: nothingWriting,
      shown: nothingWriting.texts,
      listeners: new Set(),
      leave: () => undefined,
    };
    const reading = streams.read(stream, {
      at: null,
      onEntries: (entries) => {
        const known = entries.filter((entry) => entry.understood);
        change(one, known.reduce(finishWriting, one.writing));
        // INVARIANT [LV47]: a view that already shows these entries is drawn with what they finish. Guarded by live.test.ts.
        one.shown = one.writing.texts;
      },
      onResync: (head) => {
        change(one, nothingWriting);
        reading.placed(head);
      },
    });
    one.leave = reading.leave;
    kept.set(stream, one);
    return one;
  }

  const newStore = (stream: Stream): WritingStore => ({
    get: () => kept.get(stream)?.shown ?? nothingWriting.texts,
    subscribe(listener) {
      const one = kept.get(stream) ?? keep(stream);
      one.listeners.add(listener);
      return () => {
        one.listeners.delete(listener);
        if (one.listeners.size > 0 || kept.get(stream) !== one) return;
        kept.delete(stream);
        one.leave();
      };
    },
  });

  return {
    of(stream) {
      const store = stores.get(stream) ?? newStore(stream);
      stores.set(stream, store);
      return store;
    },
    took(delta) {
      const one = kept.get(delta.stream);
      if (one) change(one, addDelta(one.writing, delta));
    },
  };
}

/** Right before the next frame is painted; where none is (a page in the background), in a moment. */
function nextFrame(work: () => void): void {
  if (typeof document === 'undefined' || document.hidden) setTimeout(work, 16);
  else requestAnimationFrame(work);
}
