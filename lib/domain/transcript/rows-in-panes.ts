import type { SeatId } from '@/lib/protocol/ids';
import { relevelled } from './levels';
import { withAxis } from './on-axis';
import type { PlacedList } from './placed-list';
import { callRowId, returnRowId } from './read-entry';
import { carriesMessage, mergeRow, type Row, type RowNews, rowKind } from './row';
import { findRow, paneOf, type Transcript } from './transcript-state';

/** Place of a row that stands in no pane. */
const NOWHERE = -1;

/** The transcript with what an entry says of a row. */
export function withRow(state: Transcript, news: RowNews): Transcript {
  const old = findRow(state, news.id);
  const row = mergeRow(old ?? state.held.get(news.id), news);
  if (standsByItself(state, row)) return stood(state, row, old);
  return withoutRow({ ...state, held: state.held.set(row.id, row) }, old);
}

/** Puts a row into its pane, in the place of what stood there for it. */
function stood(state: Transcript, row: Row, old: Row | undefined): Transcript {
  const next = withPane(state, row.seat, (pane) => (old ? pane.without(old.place) : pane).put(row));
  const placed = { ...next, places: state.places.set(row.id, row.place) };
  const touched = [old?.place, row.place, row.level].filter((place) => typeof place === 'number');
  return withReturn(withAxis(relevelled(placed, row, old?.place), touched), row);
}

const withPane = (state: Transcript, seat: SeatId, change: (pane: PlacedList<Row>) => PlacedList<Row>): Transcript => ({
  ...state,
  panes: { ...state.panes, [seat]: change(paneOf(state, seat)) },
});

/** Takes a row out of its pane that does not stand by itself any more. */
function withoutRow(state: Transcript, row: Row | undefined): Transcript {
  if (!row) return state;
  const next = withPane(state, row.seat, (pane) => pane.without(row.place));
  const gone = { ...next, places: state.places.set(row.id, NOWHERE) };
  return withAxis(relevelled(gone, row, row.place), [row.place]);
}

/** A call's return is a row where the call carries a message; elsewhere it is told on the call's own row. */
function withReturn(state: Transcript, call: Row): Transcript {
  if (!call.parts.call) return state;
  const id = returnRowId(call.seat, call.parts.call.toolCallId);
  const held = state.held.get(id);
  const stands = findRow(state, id);
  if (held && !stands && standsByItself(state, held)) return stood(state, held, undefined);
  if (stands && !standsByItself(state, stands))
    return withoutRow({ ...state, held: state.held.set(id, stands) }, stands);
  return state;
}

function standsByItself(state: Transcript, row: Row): boolean {
  const kind = rowKind(row);
  if (kind !== 'return') return kind !== 'answer';
  const call = findRow(state, callRowId(row.seat, row.parts.cameBack?.toolCallId ?? ''));
  return !call?.parts.call || carriesMessage(call);
}
