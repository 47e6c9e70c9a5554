'use client';

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { PlacedList } from '@/lib/domain/transcript/placed-list';
import { useFollowing } from './use-following';
import { type Listed, useVirtualWindow } from './use-virtual-window';

/** So near to the beginning of what is loaded, in items, older ones are asked for. */
const NEAR_START = 20;

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
  const [target, setTarget] = useState<number | null>(null);
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
      setTarget(place);
    },
    [leave, reveal],
  );
  useLayoutEffect(() => {
    if (target === null) return;
    virtualizer.scrollToIndex(list.floorIndex(target) - from, { align: 'center' });
    setTarget(null);
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
