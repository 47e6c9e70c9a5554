'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useState } from 'react';
import type { Placed, PlacedList } from '@/lib/domain/transcript/placed-list';

export type Listed = Placed & { id: string };

/** The virtualizer holds at most this many items at once: its work for one more item grows with what it holds. */
const SPAN = 2_000;
const STEP = 500;
/** So close to the window's edge, in items, the window moves on. */
const MARGIN = 200;
/** Height that an item is taken to have before it is measured, in pixels. */
const ESTIMATE = 64;

/**
 * Virtualises a list of any length by stable id, through a window that follows the reader: what lies beyond is an
 * estimate of its height, so that 100,000 items cost what 2,000 do. Adding at either end leaves the reader where they
 * are.
 */
export function useVirtualWindow<T extends Listed>(
  list: PlacedList<T>,
  scroller: RefObject<HTMLElement | null>,
  keep: number | null,
) {
  const [around, setAround] = useState<number | null>(null);
  const [from, to] = windowOf(list, around);
  const virtualizer = useVirtualizer({
    count: to - from,
    getScrollElement: () => scroller.current,
    getItemKey: useCallback((index: number) => list.at(from + index)?.id ?? index, [list, from]),
    estimateSize: () => ESTIMATE,
    paddingStart: from * ESTIMATE,
    paddingEnd: (list.size - to) * ESTIMATE,
    overscan: 12,
    anchorTo: 'end',
    scrollEndThreshold: 48,
    rangeExtractor: ({ startIndex, endIndex, overscan, count }) =>
      withKept(Math.max(0, startIndex - overscan), Math.min(count - 1, endIndex + overscan), keep, from, count),
    onChange: (instance) => {
      const next = nextAround(list, from, to, instance.scrollOffset ?? 0, instance.range);
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

/** First and last-but-one index of the window: at the list's end, or around a place. Moves in steps. */
function windowOf<T extends Listed>(list: PlacedList<T>, around: number | null): [from: number, to: number] {
  const centre = around === null ? list.size : list.floorIndex(around);
  const wanted = Math.min(centre - SPAN / 2, list.size - SPAN);
  const from = Math.max(0, Math.floor(wanted / STEP) * STEP);
  return [from, Math.min(list.size, from + SPAN + STEP)];
}

/** Where the window should lie, given what the reader sees; undefined where it may stay. */
function nextAround<T extends Listed>(
  list: PlacedList<T>,
  from: number,
  to: number,
  offset: number,
  range: { startIndex: number; endIndex: number } | null,
): number | null | undefined {
  const isBeyond = offset < from * ESTIMATE - ESTIMATE || !range;
  const seen = isBeyond ? Math.floor(offset / ESTIMATE) : from + range.startIndex;
  const last = isBeyond ? seen : from + range.endIndex;
  const isNearStart = from > 0 && seen < from + MARGIN;
  const isNearEnd = to < list.size && last > to - MARGIN;
  if (!isNearStart && !isNearEnd) return undefined;
  return last >= list.size - SPAN / 2 ? null : (list.at(seen)?.place ?? null);
}

/** All indexes from `start` to `end`, and the one that holds the focus wherever it is. */
function withKept(start: number, end: number, keep: number | null, from: number, count: number): number[] {
  const indexes = Array.from({ length: Math.max(0, end - start + 1) }, (_, index) => start + index);
  const kept = keep === null ? -1 : keep - from;
  if (kept < 0 || kept >= count || (kept >= start && kept <= end)) return indexes;
  return kept < start ? [kept, ...indexes] : [...indexes, kept];
}
