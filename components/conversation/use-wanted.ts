'use client';

import { useEffect, useRef } from 'react';
import { placeOf } from '@/lib/domain/transcript/read-entry';
import type { Row } from '@/lib/domain/transcript/row';
import { findRowBySeq } from '@/lib/domain/transcript/row-order';
import { paneOf, type Transcript } from '@/lib/domain/transcript/transcript-state';
import type { SeatId } from '@/lib/protocol/ids';
import type { AxisControl } from './axis-control';
import type { Stage } from './stage-context';
import type { Wanted } from './use-jump';

type WantedOptions = {
  wanted: Wanted | null;
  transcript: Transcript;
  stage: Stage;
  control: AxisControl;
  setTab: (tab: SeatId) => void;
  show: (shown: readonly SeatId[]) => void;
};

/** Brings the row of a wanted entry into view once the transcript holds it, and lights the message that it tells of. */
export function useWanted({ wanted, transcript, stage, control, setTab, show }: WantedOptions): void {
  const done = useRef<Wanted | null>(null);
  useEffect(() => {
    if (wanted === null || done.current === wanted) return;
    if (wanted !== 'end' && (wanted.streamSeq < transcript.first || wanted.streamSeq > transcript.last)) return;
    if (wanted === 'end') {
      done.current = wanted;
      return control.get()?.toEnd();
    }
    const row = findRowBySeq(transcript, wanted.seq) ?? rowFrom(transcript, wanted.streamSeq);
    const [left] = transcript.shown;
    // Its pane comes onto the screen first, and then this effect again.
    if (row && left && !transcript.shown.includes(row.seat)) return show([left, row.seat]);
    done.current = wanted;
    if (!row) return;
    const conveyanceId = row.parts.received?.conveyanceId ?? row.parts.sent?.[0]?.conveyanceId;
    if (conveyanceId) stage.chosen.set(conveyanceId);
    setTab(row.seat);
    requestAnimationFrame(() => {
      control.get()?.show(row, wanted.focus);
      // HAZARD: not before it is on its way there. The current row is drawn wherever it is, and what is drawn is near.
      if (!wanted.focus) stage.current.set(row.id);
    });
  }, [wanted, transcript, stage, control, setTab, show]);
}

/** Of an entry that is no row of its own, the row that comes next in the shown panes; the last one where none comes. */
function rowFrom(transcript: Transcript, streamSeq: number): Row | null {
  const place = placeOf(streamSeq);
  const panes = transcript.shown.map((seat) => paneOf(transcript, seat));
  const next = panes.flatMap((pane) => pane.next(place - 1) ?? []).sort((one, other) => one.place - other.place);
  const last = panes.flatMap((pane) => pane.last() ?? []).sort((one, other) => other.place - one.place);
  return next[0] ?? last[0] ?? null;
}
