'use client';

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { PlacedList } from '@/lib/domain/transcript/placed-list';
import type { Ahead } from './ahead';
import type { Listed } from './list-window';
import { useFollowing } from './use-following';
import { useVirtualWindow } from './use-virtual-window';

/** So near to an end of what is loaded, in items, more is asked for. */
const NEAR = 32;
/** Frames in which an item is still brought into view while those around it are measured. */
const TRIES = 8;

export type KeptPlace = { get: () => number | null; set: (place: number | null) => void };

export type AxisOptions<T extends Listed> = {
  list: PlacedList<T>;
  /** Index of the item that holds the focus: it stays on the page. */
  keep: number | null;
  /** Asked for more of the past; null when there is none or it is under way. */
  loadOlder: (() => void) | null;
  /** What lies between the list's end and the tail. */
  ahead: Ahead;
  /** Place of the last item at the tail, which the list may not reach; 0 without one. */
  tail: number;
  /** Height of what stands over the list in the scroller, in pixels. */
  above?: number;
  /** Where the reader was when the list left the screen: a place; null where they followed the end. */
  kept?: KeptPlace;
};

/** A list on the time axis: virtualised, at its end until the reader scrolls, growing into the past when they go there. */
export function useAxis<T extends Listed>(scroller: RefObject<HTMLDivElement | null>, options: AxisOptions<T>) {
  const { list, keep, loadOlder, ahead, tail, above = 0 } = options;
  const container = useRef<HTMLDivElement>(null);
  const [target, setTarget] = useState<{ place: number; triesLeft: number } | null>(null);
  const { virtualizer, items, from, reveal } = useVirtualWindow(list, scroller, keep, above);
  const { leftAt, leave, toEnd } = useFollowing(scroller, tail, ahead.isLive);

  // Not the drawn items: the one that holds the focus is among them wherever the reader is.
  const isNearStart = virtualizer.range !== null && from + virtualizer.range.startIndex < NEAR;
  const isNearEnd = virtualizer.range !== null && from + virtualizer.range.endIndex > list.size - NEAR;
  useEffect(() => {
    if (isNearStart) loadOlder?.();
  }, [isNearStart, loadOlder]);
  useEffect(() => {
    if (isNearEnd && leftAt !== null) ahead.loadNewer?.();
  }, [isNearEnd, leftAt, ahead]);

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
  }, [target, list, from, virtualizer, scroller]);

  useKeptPlace(options.kept, goTo, () => {
    const { scrollOffset, scrollRect } = virtualizer;
    if (leftAt === null || scrollOffset === null) return null;
    const middle = virtualizer.getVirtualItemForOffset(scrollOffset + (scrollRect?.height ?? 0) / 2);
    return middle ? (list.at(from + middle.index)?.place ?? null) : null;
  });

  return {
    scroller,
    above,
    container,
    virtualizer,
    items,
    goTo,
    /** Goes no further towards where `goTo` led. */
    stay: useCallback(() => setTarget(null), []),
    toEnd: useCallback(() => {
      ahead.toLive();
      reveal(null);
      toEnd();
    }, [reveal, toEnd, ahead]),
    following: leftAt === null,
    /** Items that came since the reader left the end. */
    fresh: leftAt === null || !ahead.isLive ? 0 : list.size - 1 - list.floorIndex(leftAt),
  };
}

/** Puts the reader where they were when the list comes back onto the screen. */
function useKeptPlace(kept: KeptPlace | undefined, goTo: (place: number) => void, readsAt: () => number | null): void {
  const latest = useRef({ goTo, readsAt });
  useLayoutEffect(() => {
    latest.current = { goTo, readsAt };
  });
  useLayoutEffect(() => {
    if (!kept) return;
    const place = kept.get();
    if (place !== null) latest.current.goTo(place);
    return () => kept.set(latest.current.readsAt());
  }, [kept]);
}

export type Axis = Omit<ReturnType<typeof useAxis>, 'items'>;
