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

/** Rows in succession, of one second, that are still put level by the best fit. */
const SHORT_RUN = 8;

/** Whether `item` cannot share a moment with `before`, which stands right before it on the axis. */
const parts = (before: AxisItem | undefined, item: AxisItem): boolean =>
  !before || item.leads || before.leads || item.seat === before.seat || item.second !== before.second;

/**
 * The moments after what stands at `place` has come, gone (`item` undefined) or changed. INVARIANT: where a moment
 * begins depends on at most SHORT_RUN neighbours to each side, so everything beyond them stands as it stood, however
 * many rows share a second (an import gives thousands the same one).
 */
export function regrouped(moments: Moments, place: number, item: AxisItem | undefined, levelWith: LevelWith): Moments {
  const axis = item ? moments.axis.put(item) : moments.axis.without(place);
  const from = momentStart(axis, runStart(axis, axis.floorIndex(place - 1), SHORT_RUN));
  const to = momentEnd(axis, runEnd(axis, Math.max(axis.floorIndex(place) + 1, 0), SHORT_RUN));
  const first = axis.at(from)?.place ?? place;
  const end = axis.at(to)?.place ?? Number.POSITIVE_INFINITY;
  let list = withoutRange(moments.list, Math.min(first, place), end);
  for (const moment of group(axis, from, to, levelWith)) list = list.put(moment);
  return { axis, list };
}

/** Index at which the run begins that `index` stands in, looking at most `far` rows back. */
function runStart(axis: PlacedList<AxisItem>, index: number, far: number): number {
  let at = Math.max(index, 0);
  const least = at - far;
  for (let item = axis.at(at); at > least && item && !parts(axis.at(at - 1), item); item = axis.at(at)) at -= 1;
  return at;
}

/** Index after the run that `index` stands in, looking at most `far` rows ahead. */
function runEnd(axis: PlacedList<AxisItem>, index: number, far: number): number {
  const most = index + far;
  let at = index + 1;
  for (let item = axis.at(at); at <= most && item && !parts(axis.at(at - 1), item); item = axis.at(at)) at += 1;
  return Math.min(at, axis.size);
}

/**
 * Whether a moment begins at `index`. In a short run a row joins the moment before unless its cell is taken. In a long
 * one that would let a row that comes first move all that follow; there a moment goes on from left to right.
 */
function begins(axis: PlacedList<AxisItem>, index: number): boolean {
  const item = axis.at(index);
  const before = axis.at(index - 1);
  if (!item || !before || parts(before, item)) return true;
  const start = runStart(axis, index, SHORT_RUN);
  if (runEnd(axis, index, SHORT_RUN) - start > SHORT_RUN) return column(item) <= column(before);
  let taken = new Set<SeatId | null>();
  for (let at = start; at < index; at++) {
    const seat = axis.at(at)?.seat ?? null;
    taken = taken.has(seat) ? new Set([seat]) : taken.add(seat);
  }
  return taken.has(item.seat);
}

/** Seats in the order of their ids, the channel last. */
const column = ({ seat }: AxisItem): string => seat ?? '~';

function momentStart(axis: PlacedList<AxisItem>, index: number): number {
  let at = index;
  while (!begins(axis, at)) at -= 1;
  return at;
}

function momentEnd(axis: PlacedList<AxisItem>, index: number): number {
  let at = index;
  while (!begins(axis, at)) at += 1;
  return at;
}

function withoutRange(list: PlacedList<Moment>, from: number, end: number): PlacedList<Moment> {
  let left = list;
  for (let moment = left.next(from - 1); moment && moment.place < end; moment = left.next(from - 1))
    left = left.without(moment.place);
  return left;
}

/** Cuts a stretch of the axis, from the beginning of a moment on, into moments. */
function* group(axis: PlacedList<AxisItem>, from: number, to: number, levelWith: LevelWith): Generator<Moment> {
  let open: AxisItem[] = [];
  for (let index = from; index < to; index++) {
    const item = axis.at(index);
    if (!item) break;
    if (open.length > 0 && begins(axis, index)) {
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
