'use client';

import { useState } from 'react';
import type { Transcript } from '@/lib/domain/transcript/transcript-state';

/**
 * The live transcript as it stood when the reader paused it, and how far it has gone on since. Older pages still come
 * while it stands still, and another pair may be chosen: then it stands still as it is at that moment.
 */
export function usePause(live: Transcript) {
  const [held, setHeld] = useState<Transcript | null>(null);
  const isHeld = held !== null && held.first === live.first && isSamePair(held, live);
  if (held && !isHeld) setHeld(live);
  const frozen = held && !isHeld ? live : held;
  const transcript = frozen ?? live;
  const behind = frozen
    ? live.moments.list.size - 1 - live.moments.list.floorIndex(frozen.moments.list.last()?.place ?? 0)
    : 0;
  const on = frozen !== null;
  return { transcript, paused: { on, behind, toggle: () => setHeld(on ? null : live) } };
}

const isSamePair = (one: Transcript, other: Transcript) => one.shown.join() === other.shown.join();
