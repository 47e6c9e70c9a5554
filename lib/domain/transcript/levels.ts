import { withAxis } from './on-axis';
import type { Row } from './row';
import { findRow, paneOf, type Transcript } from './transcript-state';

/** Whoever may stand level with another author's row since `row` came or moved from `oldPlace`. */
export function relevelled(state: Transcript, row: Row, oldPlace: number | undefined): Transcript {
  const pane = paneOf(state, row.seat);
  const followers = [pane.next(row.place), oldPlace === undefined ? undefined : pane.next(oldPlace)];
  const arrivals = (row.parts.sent ?? []).map((sent) => state.crossings.get(sent.conveyanceId)?.arrivalRow);
  const ids = [row.id, ...followers.map((follower) => follower?.id), ...arrivals];
  return [...new Set(ids)].reduce<Transcript>((next, id) => (id ? levelled(next, id) : next), state);
}

/** An arrival stands level with its author's row when nothing of its own pane lies between the two. */
export function levelled(state: Transcript, id: string): Transcript {
  const row = findRow(state, id);
  if (!row) return state;
  const level = levelOf(state, row);
  if (level === row.level) return state;
  const panes = { ...state.panes, [row.seat]: paneOf(state, row.seat).put({ ...row, level }) };
  return withAxis(
    { ...state, panes },
    [row.place, row.level, level].filter((place) => place !== null),
  );
}

function levelOf(state: Transcript, row: Row): number | null {
  const crossing = row.parts.received && state.crossings.get(row.parts.received.conveyanceId);
  const author = crossing?.authorRow && findRow(state, crossing.authorRow);
  if (!author || author.seat === row.seat || author.place >= row.place) return null;
  const before = paneOf(state, row.seat).previous(row.place);
  return before && before.place > author.place ? null : author.place;
}
