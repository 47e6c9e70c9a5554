'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useState } from 'react';
import type { PlacedList } from '@/lib/domain/transcript/placed-list';
import { ESTIMATE, type Listed, nextAround, windowOf } from './list-window';

/**
 * Virtualises a list of any length by stable id, through a window that follows the reader: what lies beyond is an
 * estimate of its height, so that 100,000 items cost what 2,000 do. Adding at either end leaves the reader where they
 * are. `above` is the height of what stands over the list in the same scroller, in pixels.
 */
export function useVirtualWindow<T extends Listed>(
  list: PlacedList<T>,
  scroller: RefObject<HTMLElement | null>,
  keep: number | null,
  above: number,
) {
  const [around, setAround] = useState<number | null>(null);
  const [from, to] = windowOf(list, around);
  const virtualizer = useVirtualizer({
    count: to - from,
    getScrollElement: () => scroller.current,
    getItemKey: useCallback((index: number) => list.at(from + index)?.id ?? index, [list, from]),
    estimateSize: () => ESTIMATE,
    scrollMargin: above,
    paddingStart: from * ESTIMATE,
    paddingEnd: (list.size - to) * ESTIMATE,
    overscan: 12,
    anchorTo: 'end',
    scrollEndThreshold: 48,
    rangeExtractor: ({ startIndex, endIndex, overscan, count }) =>
      withKept(Math.max(0, startIndex - overscan), Math.min(count - 1, endIndex + overscan), keep, from, count),
    onChange: (instance) => {
      const next = nextAround(list, from, to, (instance.scrollOffset ?? 0) - above, instance.range);
      if (next !== undefined && next !== around) setAround(next);
    },
  });
  const items = virtualizer.getVirtualItems().flatMap((virtual) => {
    const item = list.at(from + virtual.index);
    return item ? [{ virtual, item, index: from + virtual.index }] : [];
  });
  /** Brings an item into the window; scroll to it once it is there. */
  const reveal = useCallback((place: number | null) => setAround(place), []);
  return { virtualizer, items, from, reveal };
}

/** All indexes from `start` to `end`, and the one that holds the focus wherever it is. */
function withKept(start: number, end: number, keep: number | null, from: number, count: number): number[] {
  const indexes = Array.from({ length: Math.max(0, end - start + 1) }, (_, index) => start + index);
  const kept = keep === null ? -1 : keep - from;
  if (kept < 0 || kept >= count || (kept >= start && kept <= end)) return indexes;
  return kept < start ? [kept, ...indexes] : [...indexes, kept];
}
