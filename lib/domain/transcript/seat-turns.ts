import type { EntryOf } from '@/lib/protocol/entry';
import type { SeatId, TurnId } from '@/lib/protocol/ids';
import type { Placed } from './placed-list';

type Begin = Placed & { at: string };
type End = Placed & { at: string } & Pick<EntryOf<'turn.ended'>['payload'], 'stopReason' | 'error' | 'usage'>;

/** What is known of one turn of a seat. */
export type Turn = { seat: SeatId; turnId: TurnId; started: Begin | null; ended: End | null };
export type TurnNews = { seat: SeatId; turnId: TurnId; started?: Begin; ended?: End };

/** The turn with what an entry says of it; the same whatever the order in which its entries are told. */
export const withTurnNews = (old: Turn | undefined, news: TurnNews): Turn => ({
  seat: news.seat,
  turnId: news.turnId,
  started: later(old?.started, news.started),
  ended: later(old?.ended, news.ended),
});

const later = <T extends Placed>(one: T | null | undefined, other: T | undefined): T | null =>
  one && other ? (one.place > other.place ? one : other) : (one ?? other ?? null);

const lastPlace = (turn: Turn) => Math.max(turn.started?.place ?? 0, turn.ended?.place ?? 0);

/** Of two turns of one seat, the one that the seat is in now. One thread has one turn at a time. */
export const latestTurn = (one: Turn | undefined, other: Turn): Turn =>
  one && lastPlace(one) > lastPlace(other) ? one : other;

/**
 * What a seat is doing: a turn, waiting for what becomes of its own messages or for an answer to a call, or nothing.
 * `atReview`: those for whom its messages are have not got one of them, for each waits for a person.
 */
export type SeatNow =
  | { kind: 'running'; turnId: TurnId; since: string }
  | { kind: 'waiting'; for: readonly string[]; atReview?: true }
  | { kind: 'idle' };
