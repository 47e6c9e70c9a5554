import type { SeatId } from '@/lib/protocol/ids';
import type { Crossing } from './crossing';
import type { Facts } from './facts';
import type { Moments } from './moments';
import type { PersistentMap } from './persistent-map';
import { type Placed, PlacedList } from './placed-list';
import type { Tick, TranscriptSeat } from './read-entry';
import type { ParkedCall } from './review';
import type { Row } from './row';
import type { Turn } from './seat-turns';

/** What the channel tells in its own order: what crossed, and what concerns the whole conversation. */
export type ChannelItem = Placed & { id: string } & (
    | { kind: 'crossing'; crossing: Crossing }
    | { kind: 'tick'; tick: Tick }
    | { kind: 'draft'; call: ParkedCall }
  );

/**
 * The screen's view of a contiguous stretch of one conversation's stream, `first`–`last` by streamSeq (0 and 0 when
 * empty). Immutable; one entry changes little of it, and what did not change keeps its identity.
 * INVARIANT: it depends on the set of entries alone, never on how they were cut into pages or which end grew first.
 */
export type Transcript = {
  seats: readonly TranscriptSeat[];
  /** The seats whose rows stand in `moments`. */
  shown: readonly SeatId[];
  first: number;
  last: number;
  panes: { readonly [seat: string]: PlacedList<Row> };
  channel: PlacedList<ChannelItem>;
  moments: Moments;
  /** Place of each row by its id. */
  places: PersistentMap<number>;
  /** Rows of which only Parley's own answer is known: not talk by themselves. */
  held: PersistentMap<Row>;
  crossings: PersistentMap<Crossing>;
  /** Calls of tools that waited for a person, by the draft's id. */
  parkedCalls: PersistentMap<ParkedCall>;
  turns: PersistentMap<Turn>;
  latest: { readonly [seat: string]: Turn };
  /** Messages of a seat whose author waits for what becomes of them. */
  open: { readonly [seat: string]: readonly string[] };
  facts: Facts;
  /** What was not understood: the rows and ticks that show it raw, by the entry that brought it. */
  notUnderstood: PlacedList<Placed & { seq: number }>;
};

export const paneOf = (transcript: Transcript, seat: SeatId): PlacedList<Row> =>
  transcript.panes[seat] ?? new PlacedList<Row>();

export function findRow(transcript: Transcript, id: string): Row | undefined {
  const place = transcript.places.get(id);
  const pane = transcript.panes[id.slice(0, 1)];
  return place === undefined ? undefined : pane?.get(place);
}
