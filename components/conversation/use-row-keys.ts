'use client';

import { useShortcuts } from '@/components/ui/use-shortcuts';
import type { Row } from '@/lib/domain/transcript/row';
import { rowBeside, rowsOf } from '@/lib/domain/transcript/row-order';
import { findRow, paneOf, type Transcript } from '@/lib/domain/transcript/transcript-state';
import type { SeatId } from '@/lib/protocol/ids';
import type { AxisControl } from './axis-control';
import { endsOf } from './row-ends';
import type { Stage } from './stage-context';

type RowKeys = {
  transcript: Transcript;
  /** The one pane on the screen, where there is only one; null: both, in the order of the moments. */
  seat: SeatId | null;
  stage: Stage;
  control: AxisControl;
  togglePause: () => void;
};

/** J and K walk over the rows, X lights both ends of the message one stands on, C copies its link, E goes to the end, P pauses. */
export function useRowKeys({ transcript, seat, stage, control, togglePause }: RowKeys): void {
  const move = (step: 1 | -1) => {
    const id = stage.current.get();
    const row = (id && beside(transcript, seat, id, step)) || (id === null ? lastRow(transcript, seat) : null);
    if (row) control.get()?.show(row, true);
  };
  const light = () => {
    const row = findRow(transcript, stage.current.get() ?? '');
    const [end] = row ? endsOf(transcript, row) : [];
    if (end) stage.chosen.set(stage.chosen.get() === end.crossing.id ? null : end.crossing.id);
  };
  const link = () => {
    const row = findRow(transcript, stage.current.get() ?? '') ?? lastRow(transcript, seat);
    if (row) stage.copyLink(row);
  };
  useShortcuts('Conversation', [
    { keys: 'j', label: 'Next row', run: () => move(1) },
    { keys: 'k', label: 'Previous row', run: () => move(-1) },
    { keys: 'x', label: 'Light both ends of a message', run: light },
    { keys: 'e', label: 'Go to the end and follow it', run: () => control.get()?.toEnd() },
    { keys: 'c', label: 'Copy a link to the row one stands on', run: link },
    { keys: 'p', label: 'Pause the stream, or resume it', run: togglePause },
  ]);
}

function beside(transcript: Transcript, seat: SeatId | null, id: string, step: 1 | -1): Row | null {
  if (seat === null) return rowBeside(transcript, id, step);
  const row = findRow(transcript, id);
  if (row?.seat !== seat) return lastRow(transcript, seat);
  const pane = paneOf(transcript, seat);
  return (step === 1 ? pane.next(row.place) : pane.previous(row.place)) ?? null;
}

/** Where walking begins: the newest row. */
function lastRow(transcript: Transcript, seat: SeatId | null): Row | null {
  if (seat !== null) return paneOf(transcript, seat).last() ?? null;
  const { list } = transcript.moments;
  for (let index = list.size - 1; index >= 0; index--) {
    const moment = list.at(index);
    const [row] = moment ? rowsOf(transcript, moment) : [];
    if (row) return row;
  }
  return null;
}
