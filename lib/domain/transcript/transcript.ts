import type { SeatId } from '@/lib/protocol/ids';
import type { ToldEntry } from '@/lib/protocol/told-entry';
import { type Crossing, crossingState, isOpen, withNews } from './crossing';
import { noFacts, withTick } from './facts';
import { levelled } from './levels';
import { noMoments } from './moments';
import { withAxis } from './on-axis';
import { emptyMap } from './persistent-map';
import { type Placed, PlacedList } from './placed-list';
import { type EntryNews, readEntry, type Tick, type TranscriptSeat } from './read-entry';
import { type ParkedCall, withPointer } from './review';
import type { Row, RowNews } from './row';
import { withRow } from './rows-in-panes';
import { latestTurn, type SeatNow, type Turn, withTurnNews } from './seat-turns';
import { paneOf, type Transcript } from './transcript-state';

/** Nothing loaded yet. `shown` are the seats whose rows make moments; at most a few, usually two. */
export function emptyTranscript(seats: readonly TranscriptSeat[], shown: readonly SeatId[]): Transcript {
  return {
    seats,
    shown,
    first: 0,
    last: 0,
    panes: Object.fromEntries(seats.map((seat) => [seat.id, new PlacedList<Row>()])),
    channel: new PlacedList(),
    moments: noMoments,
    places: emptyMap(),
    held: emptyMap(),
    crossings: emptyMap(),
    parkedCalls: emptyMap(),
    turns: emptyMap(),
    latest: {},
    open: {},
    facts: noFacts,
    notUnderstood: new PlacedList(),
  };
}

/**
 * The transcript with one more entry: the one after `last`, or the one before `first`. An entry that it holds already
 * changes nothing. Costs the same however long the transcript is.
 */
export function applyTranscript(transcript: Transcript, entry: ToldEntry): Transcript {
  const { first, last } = transcript;
  if (first > 0 && entry.streamSeq >= first && entry.streamSeq <= last) return transcript;
  const grown = {
    ...transcript,
    first: first === 0 ? entry.streamSeq : Math.min(first, entry.streamSeq),
    last: Math.max(last, entry.streamSeq),
  };
  return withEntryNews(grown, readEntry(entry, transcript.seats));
}

/** The transcript with a page of older entries, ascending as the server gives them, that ends right before `first`. */
export const prependTranscript = (transcript: Transcript, page: readonly ToldEntry[]): Transcript =>
  page.reduceRight(applyTranscript, transcript);

/** The same transcript with the rows of other seats in its moments. */
export function showSeats(transcript: Transcript, shown: readonly SeatId[]): Transcript {
  const state = { ...transcript, shown, moments: noMoments };
  const places = [...shown.map((seat) => paneOf(transcript, seat)), transcript.channel].flatMap((list) =>
    [...list].map((item: Placed) => item.place),
  );
  return withAxis(
    state,
    places.sort((one, other) => one - other),
  );
}

/** What the seat is doing, as far as the loaded entries tell. */
export function seatNow(transcript: Transcript, seat: SeatId): SeatNow {
  const turn = transcript.latest[seat];
  if (turn?.started && !turn.ended) return { kind: 'running', turnId: turn.turnId, since: turn.started.at };
  const open = (transcript.open[seat] ?? []).map((id) => transcript.crossings.get(id));
  const isParked = (crossing: Crossing | undefined) => crossing !== undefined && crossingState(crossing) === 'parked';
  const out = open.filter((crossing) => !isParked(crossing));
  const names = (out.length > 0 ? out : open).map((crossing) => crossing?.toName ?? '');
  if (open.length > 0)
    return { kind: 'waiting', for: [...new Set(names)], ...(out.length === 0 && { atReview: true }) };
  return turn?.ended?.stopReason === 'requires_approval' ? { kind: 'waiting', for: [] } : { kind: 'idle' };
}

function withEntryNews(transcript: Transcript, news: EntryNews): Transcript {
  let state = transcript;
  if (news.turn) state = withTurn(state, withTurnNews(state.turns.get(news.turn.turnId), news.turn));
  if (news.tick) state = withTickItem(state, news.tick);
  if (news.crossing) state = withCrossing(state, withNews(state.crossings.get(news.crossing.id), news.crossing));
  if (news.parkedCall) state = withParkedCall(state, news.parkedCall);
  for (const row of news.rows) state = withRow(state, row);
  const opaque = opaqueOf(news);
  return opaque ? { ...state, notUnderstood: state.notUnderstood.put(opaque) } : state;
}

/** The entry as something that Parley does not understand, if it is. */
function opaqueOf({ rows, tick }: EntryNews): { place: number; seq: number } | null {
  const told = tick?.told.kind === 'strange' ? tick : rows.find(isNotUnderstood);
  return told ? { place: told.place, seq: told.seq } : null;
}

const isNotUnderstood = ({ parts }: RowNews) => parts.strange !== undefined || parts.seen?.messageType === 'unknown';

const withTurn = (state: Transcript, turn: Turn): Transcript => ({
  ...state,
  turns: state.turns.set(turn.turnId, turn),
  latest: { ...state.latest, [turn.seat]: latestTurn(state.latest[turn.seat], turn) },
});

function withTickItem(state: Transcript, tick: Tick): Transcript {
  const channel = state.channel.put({ kind: 'tick', id: tick.id, tick, place: tick.place });
  return withAxis({ ...state, channel, facts: withTick(state.facts, tick) }, [tick.place]);
}

function withCrossing(state: Transcript, crossing: Crossing): Transcript {
  const old = state.crossings.get(crossing.id);
  const moved = old && old.place !== crossing.place;
  const channel = (moved ? state.channel.without(old.place) : state.channel).put({
    kind: 'crossing',
    id: `crossing:${crossing.id}`,
    crossing,
    place: crossing.place,
  });
  const crossings = state.crossings.set(crossing.id, crossing);
  const open = crossing.from ? { ...state.open, [crossing.from]: openOf(state, crossing) } : state.open;
  const next = withAxis({ ...state, channel, crossings, open }, moved ? [old.place, crossing.place] : [crossing.place]);
  return crossing.arrivalRow ? levelled(next, crossing.arrivalRow) : next;
}

function withParkedCall(state: Transcript, news: ParkedCall): Transcript {
  const old = state.parkedCalls.get(news.draftId);
  const call = withPointer(old, news);
  const moved = old && old.place !== call.place;
  const channel = (moved ? state.channel.without(old.place) : state.channel).put({
    kind: 'draft',
    id: `draft:${call.draftId}`,
    call,
    place: call.place,
  });
  const parkedCalls = state.parkedCalls.set(call.draftId, call);
  return withAxis({ ...state, channel, parkedCalls }, moved ? [old.place, call.place] : [call.place]);
}

function openOf(state: Transcript, crossing: Crossing): readonly string[] {
  const others = ((crossing.from && state.open[crossing.from]) ?? []).filter((id) => id !== crossing.id);
  return isOpen(crossing) ? [...others, crossing.id].sort() : others;
}
