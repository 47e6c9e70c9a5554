const CHUNK_MAX = 256;

/** `place` orders things on the axis of a conversation and is theirs alone within one list. */
export type Placed = { readonly place: number };

/**
 * An immutable list in order of `place`. A change copies one chunk and the list of chunks, so that a list of 100,000
 * costs as little as one of 1,000; what did not change keeps its identity.
 */
export class PlacedList<T extends Placed> {
  readonly size: number;
  private readonly chunks: readonly (readonly T[])[];
  private startsOfChunks: number[] | null = null;

  constructor(chunks: readonly (readonly T[])[] = [], size = 0) {
    this.chunks = chunks;
    this.size = size;
  }

  at(index: number): T | undefined {
    if (index < 0 || index >= this.size) return undefined;
    const starts = this.starts();
    const chunk = lastAtMost(starts, index, (start) => start);
    return this.chunks[chunk]?.[index - (starts[chunk] ?? 0)];
  }

  get(place: number): T | undefined {
    const found = this.at(this.floorIndex(place));
    return found?.place === place ? found : undefined;
  }

  /** Index of the last item at or before `place`; -1 when all come after it. */
  floorIndex(place: number): number {
    const chunk = lastAtMost(this.chunks, place, (items) => items[0]?.place ?? Number.POSITIVE_INFINITY);
    if (chunk < 0) return -1;
    return (this.starts()[chunk] ?? 0) + lastAtMost(this.chunks[chunk] ?? [], place, (item) => item.place);
  }

  /** The first item that comes after `place`. */
  next(place: number): T | undefined {
    return this.at(this.floorIndex(place) + 1);
  }

  /** The last item that comes before `place`. */
  previous(place: number): T | undefined {
    const floor = this.floorIndex(place);
    return this.at(this.at(floor)?.place === place ? floor - 1 : floor);
  }

  first(): T | undefined {
    return this.chunks[0]?.[0];
  }

  last(): T | undefined {
    return this.chunks.at(-1)?.at(-1);
  }

  /** With `item` at its place, instead of what was there. */
  put(item: T): PlacedList<T> {
    const index = Math.max(
      0,
      lastAtMost(this.chunks, item.place, (items) => items[0]?.place ?? Number.POSITIVE_INFINITY),
    );
    const old = this.chunks[index] ?? [];
    const floor = lastAtMost(old, item.place, (one) => one.place);
    const replaces = old[floor]?.place === item.place;
    const items = old.slice();
    if (replaces) items[floor] = item;
    else items.splice(floor + 1, 0, item);
    return this.withChunk(index, items, replaces ? this.size : this.size + 1);
  }

  without(place: number): PlacedList<T> {
    const index = lastAtMost(this.chunks, place, (items) => items[0]?.place ?? Number.POSITIVE_INFINITY);
    const old = this.chunks[index] ?? [];
    const floor = lastAtMost(old, place, (item) => item.place);
    if (old[floor]?.place !== place) return this;
    return this.withChunk(index, [...old.slice(0, floor), ...old.slice(floor + 1)], this.size - 1);
  }

  *[Symbol.iterator](): Generator<T> {
    for (const chunk of this.chunks) yield* chunk;
  }

  private withChunk(index: number, items: T[], size: number): PlacedList<T> {
    const chunks = this.chunks.slice();
    // A chunk that grew at the list's end is cut off whole: history and live entries both come in order.
    const cut = index === chunks.length - 1 ? CHUNK_MAX : CHUNK_MAX / 2;
    if (items.length > CHUNK_MAX) chunks.splice(index, 1, items.slice(0, cut), items.slice(cut));
    else if (items.length === 0) chunks.splice(index, 1);
    else chunks[index] = items;
    return new PlacedList(chunks, size);
  }

  private starts(): number[] {
    if (this.startsOfChunks) return this.startsOfChunks;
    const starts: number[] = [];
    let start = 0;
    for (const chunk of this.chunks) {
      starts.push(start);
      start += chunk.length;
    }
    this.startsOfChunks = starts;
    return starts;
  }
}

/** Index of the last of `items` (ascending by `of`) that is at most `limit`; -1 for none. */
function lastAtMost<T>(items: readonly T[], limit: number, of: (item: T) => number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && of(item) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
