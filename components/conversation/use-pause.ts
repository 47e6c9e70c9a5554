'use client';

import { useState } from 'react';
import type { Transcript } from '@/lib/domain/transcript/transcript-state';

/** The live transcript as it stood when the reader paused it, and how far it has gone on since. */
export function usePause(live: Transcript) {
  const [frozen, setFrozen] = useState<Transcript | null>(null);
  // Older pages still come while it stands still: they are shown from the live one, which holds all.
  const transcript = frozen && frozen.first === live.first && isSamePair(frozen, live) ? frozen : live;
  const behind = frozen
    ? live.moments.list.size - 1 - live.moments.list.floorIndex(frozen.moments.list.last()?.place ?? 0)
    : 0;
  const on = frozen !== null;
  return { transcript, paused: { on, behind, toggle: () => setFrozen(on ? null : live) } };
}

const isSamePair = (one: Transcript, other: Transcript) => one.shown.join() === other.shown.join();
