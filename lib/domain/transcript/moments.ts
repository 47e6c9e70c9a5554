import type { SeatId } from '@/lib/protocol/ids';
import { type Placed, PlacedList } from './placed-list';

/**
 * What stands on the axis by itself: a row of a pane (`seat`) or something in the channel (null). `leads`: it sends a
 * message and has its moment to itself, with the arrivals that stand level with it.
 */
export type AxisItem = Placed & { id: string; seat: SeatId | null; second: string; leads: boolean };

export type MomentCell = { seat: SeatId | null; place: number };

/** One row of the grid: what stands level. At most one cell for each seat and one for the channel. */
export type Moment = Placed & { id: string; cells: readonly MomentCell[] };

export type Moments = { axis: PlacedList<AxisItem>; list: PlacedList<Moment> };

export const noMoments: Moments = { axis: new PlacedList(), list: new PlacedList() };

/** Gives the arrivals that stand level with what leads at `place`. */
export type LevelWith = (place: number) => readonly MomentCell[];

/** Whether `item` cannot share a moment with `before`, which stands right before it on the axis. */
const parts = (before: AxisItem | undefined, item: AxisItem): boolean =>
  !before || item.leads || before.leads || item.seat === before.seat || item.second !== before.second;

/**
 * The moments after what stands at `place` has come, gone (`item` undefined) or changed. Only the runs around it are
 * grouped anew: where a run begins depends on neighbours alone, so everything beyond them stands as it stood.
 */
export function regrouped(moments: Moments, place: number, item: AxisItem | undefined, levelWith: LevelWith): Moments {
  const axis = item ? moments.axis.put(item) : moments.axis.without(place);
  const from = runStart(axis, axis.floorIndex(place - 1));
  const to = runEnd(axis, Math.max(axis.floorIndex(place) + 1, 0));
  const first = axis.at(from)?.place ?? place;
  const end = axis.at(to)?.place ?? Number.POSITIVE_INFINITY;
  let list = withoutRange(moments.list, Math.min(first, place), end);
  for (const moment of group(axis, from, to, levelWith)) list = list.put(moment);
  return { axis, list };
}

function runStart(axis: PlacedList<AxisItem>, index: number): number {
  let at = Math.max(index, 0);
  for (let item = axis.at(at); item && !parts(axis.at(at - 1), item); item = axis.at(at)) at -= 1;
  return at;
}

/** Index after the run that `index` stands in. */
function runEnd(axis: PlacedList<AxisItem>, index: number): number {
  let at = index;
  do at += 1;
  while (at < axis.size && !runBreaks(axis, at));
  return Math.min(at, axis.size);
}
const runBreaks = (axis: PlacedList<AxisItem>, at: number) => {
  const item = axis.at(at);
  return !item || parts(axis.at(at - 1), item);
};

function withoutRange(list: PlacedList<Moment>, from: number, end: number): PlacedList<Moment> {
  let left = list;
  for (let moment = left.next(from - 1); moment && moment.place < end; moment = left.next(from - 1))
    left = left.without(moment.place);
  return left;
}

/** Cuts a stretch of the axis into moments: an item joins the one before unless they part or its cell is taken. */
function* group(axis: PlacedList<AxisItem>, from: number, to: number, levelWith: LevelWith): Generator<Moment> {
  let open: AxisItem[] = [];
  for (let index = from; index < to; index++) {
    const item = axis.at(index);
    if (!item) break;
    const taken = open.some((other) => other.seat === item.seat);
    if (open.length > 0 && (taken || parts(open.at(-1), item))) {
      yield momentOf(open, levelWith);
      open = [];
    }
    open.push(item);
  }
  if (open.length > 0) yield momentOf(open, levelWith);
}

function momentOf(items: readonly AxisItem[], levelWith: LevelWith): Moment {
  const [first] = items;
  if (!first) throw new Error('A moment has at least one row.');
  const cells: MomentCell[] = items.map(({ seat, place }) => ({ seat, place }));
  if (first.leads) cells.push(...levelWith(first.place));
  return { id: first.id, place: first.place, cells };
}
