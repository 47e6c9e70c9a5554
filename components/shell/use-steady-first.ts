'use client';

import { useState } from 'react';
import type { Draft } from '@/lib/protocol/draft';

/**
 * The draft to be answered first where only one is shown. It stays until it waits no more: one that comes with a nearer
 * deadline must not take its place under the hand that is about to press. `choose` puts another one there.
 */
export function useSteadyFirst(
  waiting: readonly Draft[],
): [first: Draft | undefined, choose: (draftId: string) => void] {
  const [steady, setSteady] = useState<string | null>(null);
  const first = waiting.find(({ id }) => id === steady) ?? waiting[0];
  if (first && first.id !== steady) setSteady(first.id);
  return [first, setSteady];
}
