import type { AxisItem, MomentCell } from './moments';
import { regrouped } from './moments';
import type { Row } from './row';
import { findRow, paneOf, type Transcript } from './transcript-state';

/** Brings axis and moments in step with what now stands at `places`. */
export function withAxis(state: Transcript, places: readonly number[]): Transcript {
  const levelWith = (place: number) => arrivalsLevelWith(state, place);
  const moments = [...new Set(places)].reduce(
    (next, place) => regrouped(next, place, axisItemAt(state, place), levelWith),
    state.moments,
  );
  return { ...state, moments };
}

function axisItemAt(state: Transcript, place: number): AxisItem | undefined {
  for (const seat of state.shown) {
    const row = paneOf(state, seat).get(place);
    if (!row || standsLevel(state, row)) continue;
    return { place, id: row.id, seat, second: row.at.slice(0, 19), leads: row.parts.sent !== undefined };
  }
  const item = state.channel.get(place);
  if (!item) return undefined;
  if (item.kind === 'crossing' && (item.crossing.authorRow ?? item.crossing.arrivalRow)) return undefined;
  const { at } = item.kind === 'tick' ? item.tick : item.kind === 'draft' ? item.call : item.crossing;
  return { place, id: item.id, seat: null, second: at.slice(0, 19), leads: false };
}

/** Whether the row stands in the moment of its author's row instead of one of its own. */
function standsLevel(state: Transcript, row: Row): boolean {
  const crossing = row.parts.received && state.crossings.get(row.parts.received.conveyanceId);
  return row.level !== null && state.shown.some((seat) => seat === crossing?.from);
}

function arrivalsLevelWith(state: Transcript, place: number): MomentCell[] {
  const author = state.shown.map((seat) => paneOf(state, seat).get(place)).find((row) => row?.parts.sent);
  return (author?.parts.sent ?? []).flatMap(({ conveyanceId }) => {
    const arrival = state.crossings.get(conveyanceId)?.arrivalRow;
    const row = arrival ? findRow(state, arrival) : undefined;
    return row && row.level === place && state.shown.includes(row.seat) ? [{ seat: row.seat, place: row.place }] : [];
  });
}
