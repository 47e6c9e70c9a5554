'use client';

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { PlacedList } from '@/lib/domain/transcript/placed-list';
import type { Listed } from './list-window';
import { useFollowing } from './use-following';
import { useVirtualWindow } from './use-virtual-window';

/** So near to the beginning of what is loaded, in items, older ones are asked for. */
const NEAR_START = 20;
/** Frames in which an item is still brought into view while those around it are measured. */
const TRIES = 8;

export type AxisOptions<T extends Listed> = {
  list: PlacedList<T>;
  /** Index of the item that holds the focus: it stays on the page. */
  keep: number | null;
  /** Asked for more of the past; null when there is none or it is under way. */
  loadOlder: (() => void) | null;
};

/** A list on the time axis: virtualised, at its end until the reader scrolls, growing into the past when they go there. */
export function useAxis<T extends Listed>({ list, keep, loadOlder }: AxisOptions<T>) {
  const scroller = useRef<HTMLDivElement>(null);
  const container = useRef<HTMLDivElement>(null);
  const [target, setTarget] = useState<{ place: number; triesLeft: number } | null>(null);
  const { virtualizer, items, from, reveal } = useVirtualWindow(list, scroller, keep);
  const { leftAt, leave, toEnd } = useFollowing(scroller, list.last()?.place ?? 0);

  const firstDrawn = items[0]?.index;
  useEffect(() => {
    if (firstDrawn !== undefined && firstDrawn < NEAR_START) loadOlder?.();
  }, [firstDrawn, loadOlder]);

  const goTo = useCallback(
    (place: number) => {
      leave();
      reveal(place);
      setTarget({ place, triesLeft: TRIES });
    },
    [leave, reveal],
  );
  // Not the virtualizer's own way to an index: what is loaded or measured meanwhile moves the item, not the index.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (target === null || !element) return;
    const [offset] = virtualizer.getOffsetForIndex(list.floorIndex(target.place) - from, 'center') ?? [];
    const isThere = offset === undefined || Math.abs(element.scrollTop - offset) < 2;
    if (offset !== undefined && !isThere) element.scrollTop = offset;
    const next = requestAnimationFrame(() => {
      setTarget(target.triesLeft > 0 ? { ...target, triesLeft: target.triesLeft - 1 } : null);
    });
    return () => cancelAnimationFrame(next);
  }, [target, list, from, virtualizer]);

  return {
    scroller,
    container,
    virtualizer,
    items,
    goTo,
    toEnd: useCallback(() => {
      reveal(null);
      toEnd();
    }, [reveal, toEnd]),
    following: leftAt === null,
    /** Items that came since the reader left the end. */
    fresh: leftAt === null ? 0 : list.size - 1 - list.floorIndex(leftAt),
  };
}

export type Axis = Omit<ReturnType<typeof useAxis>, 'items'>;
