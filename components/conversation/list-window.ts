import type { Placed, PlacedList } from '@/lib/domain/transcript/placed-list';

export type Listed = Placed & { id: string };

/** The virtualizer holds about this many items at once: its work for one more item grows with what it holds. */
const SPAN = 2_000;
const STEP = 500;
/** So close to the window's edge, in items, the window moves on. */
const MARGIN = 200;
/** Height that an item is taken to have before it is measured, in pixels. */
export const ESTIMATE = 64;

/** From where to where (exclusive) the window reaches: at the list's end, or around a place. It moves in steps. */
export function windowOf<T extends Listed>(list: PlacedList<T>, around: number | null): [from: number, to: number] {
  const centre = around === null ? list.size : list.floorIndex(around);
  const wanted = Math.min(centre - SPAN / 2, list.size - SPAN);
  const from = Math.max(0, Math.floor(wanted / STEP) * STEP);
  return [from, Math.min(list.size, from + SPAN + STEP)];
}

/**
 * Around what the window should lie, given what the reader sees: a place, null for the list's end, undefined where it may
 * stay. `offset` is the scroll position in pixels, `range` what is drawn, by index within the window.
 */
export function nextAround<T extends Listed>(
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
