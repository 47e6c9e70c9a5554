'use client';

import { useEffect, useRef } from 'react';
import { useShortcuts } from '@/components/ui/use-shortcuts';
import type { Draft } from '@/lib/protocol/draft';
import { extended, type Selection, toggled } from './selection';

type InboxKeys = {
  /** As they are listed. */
  drafts: readonly Draft[];
  currentId: string | null;
  maySelect: boolean;
  go: (draftId: string) => void;
  setSelection: (change: (old: Selection) => Selection) => void;
};

/** J and K go from draft to draft, X selects one, and shift takes in those on the way. */
export function useInboxKeys({ drafts, currentId, maySelect, go, setSelection }: InboxKeys): void {
  const move = useMove(drafts, currentId, go);
  const isPending = (id: string | null) => drafts.find((draft) => draft.id === id)?.status === 'pending';
  const extendTo = (id: string | null) => {
    if (id === null || !isPending(id)) return;
    const order = drafts.map((draft) => draft.id);
    setSelection((old) => extended(old.anchor === null && currentId ? toggled(old, currentId) : old, order, id));
  };
  const select = () => {
    if (currentId !== null && isPending(currentId)) setSelection((old) => toggled(old, currentId));
  };
  useShortcuts('Drafts', [
    { keys: 'j', label: 'Next draft', run: () => void move(1) },
    { keys: 'k', label: 'Previous draft', run: () => void move(-1) },
    ...(maySelect
      ? [
          { keys: 'x', label: 'Select it', run: select },
          { keys: 'shift+x', label: 'Select up to it', run: () => extendTo(currentId) },
          { keys: 'shift+j', label: 'Select on downwards', run: () => extendTo(move(1)) },
          { keys: 'shift+k', label: 'Select on upwards', run: () => extendTo(move(-1)) },
        ]
      : []),
  ]);
}

/**
 * Goes to the draft beside the one that the reader stands at, and answers with it. The address follows a moment later: keys
 * that come faster go on from where the last one led, and an address that comes late for one of them does not lead back.
 */
function useMove(drafts: readonly Draft[], currentId: string | null, go: (draftId: string) => void) {
  const standsAt = useRef(currentId);
  const asked = useRef<string[]>([]);
  useEffect(() => {
    const at = currentId === null ? -1 : asked.current.lastIndexOf(currentId);
    asked.current = at === -1 ? [] : asked.current.slice(at + 1);
    if (asked.current.length === 0) standsAt.current = currentId;
  }, [currentId]);
  return (step: 1 | -1): string | null => {
    const index = drafts.findIndex(({ id }) => id === standsAt.current);
    const next = drafts[Math.min(drafts.length - 1, Math.max(0, index + step))]?.id ?? null;
    if (next === null) return null;
    if (next !== standsAt.current) asked.current.push(next);
    standsAt.current = next;
    go(next);
    return next;
  };
}
