'use client';

import { useMemo, useSyncExternalStore } from 'react';
import type { Stream } from '@/lib/protocol/stream';
import { useLive } from './live-view';
import { nothingWriting, stillWriting } from './still-writing';

/**
 * What is being written in the stream, by message and field, in the order in which it began. `last` is the streamSeq up
 * to which the caller shows the stream's entries: a text goes with the drawing that shows the entry it ended with.
 */
export function useWriting(stream: Stream, last: number) {
  const store = useLive()?.writing(stream);
  const texts = useSyncExternalStore(
    store?.subscribe ?? never,
    store?.get ?? (() => nothingWriting.texts),
    () => nothingWriting.texts,
  );
  return useMemo(() => stillWriting(texts, last), [texts, last]);
}

const never = () => () => undefined;
