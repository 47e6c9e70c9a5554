import type { Moment } from './moments';
import type { Row } from './row';
import { findRow, paneOf, type Transcript } from './transcript-state';

/** Index of the moment in which a row of a shown seat stands; -1 where it stands in none. */
export function momentIndexOf(transcript: Transcript, row: Row): number {
  const { list } = transcript.moments;
  const holds = (index: number) =>
    list.at(index)?.cells.some((cell) => cell.seat === row.seat && cell.place === row.place) === true;
  const own = list.floorIndex(row.place);
  if (holds(own)) return own;
  const level = row.level === null ? -1 : list.floorIndex(row.level);
  return holds(level) ? level : -1;
}

/** Rows of a moment in the order in which they are read: by pane, left to right. */
export const rowsOf = (transcript: Transcript, moment: Moment): Row[] =>
  transcript.shown.flatMap((seat) => {
    const cell = moment.cells.find((one) => one.seat === seat);
    const row = cell && paneOf(transcript, seat).get(cell.place);
    return row ? [row] : [];
  });

/** The row that is read after (`step` 1) or before (-1) the one of this id; null at the end and for an unknown one. */
export function rowBeside(transcript: Transcript, id: string, step: 1 | -1): Row | null {
  const row = findRow(transcript, id);
  if (!row) return null;
  const { list } = transcript.moments;
  const start = momentIndexOf(transcript, row);
  if (start < 0) return null;
  for (let index = start; index >= 0 && index < list.size; index += step) {
    const moment = list.at(index);
    const rows = moment ? rowsOf(transcript, moment) : [];
    const from = index === start ? rows.indexOf(row) + step : step === 1 ? 0 : rows.length - 1;
    const found = rows[from];
    if (found) return found;
  }
  return null;
}

/** The row that one of these entries told of: what a link to an entry of the ledger leads to. Looks at all rows. */
export function findRowBySeq(transcript: Transcript, seq: number): Row | undefined {
  for (const seat of transcript.seats) {
    for (const row of paneOf(transcript, seat.id)) if (row.seqs.includes(seq)) return row;
  }
  for (const item of transcript.channel) {
    if (item.kind !== 'crossing' || !item.crossing.seqs.includes(seq)) continue;
    const { authorRow, arrivalRow } = item.crossing;
    return findRow(transcript, authorRow ?? arrivalRow ?? '');
  }
  return undefined;
}
