'use client';

import { useEffect, useRef, useState } from 'react';
import { paneOf, type Transcript } from '@/lib/domain/transcript/transcript-state';
import type { SeatId } from '@/lib/protocol/ids';

/**
 * How many rows came into each pane since the reader last had it before their eyes. `attended` are the seats that they
 * look at now, at the tail; nothing is unread when the conversation is opened.
 */
export function useUnread(live: Transcript, attended: readonly SeatId[]): ReadonlyMap<string, number> {
  const [seen, setSeen] = useState<ReadonlyMap<string, number>>(new Map());
  const ends = live.seats.map((seat) => `${seat.id}:${paneOf(live, seat.id).last()?.place ?? 0}`).join();
  const attendedNames = attended.join();
  const known = useRef(false);
  useEffect(() => {
    const all = !known.current;
    known.current = true;
    setSeen((old) => {
      const next = new Map(old);
      for (const end of ends.split(',')) {
        const [seat = '', place] = end.split(':');
        if (all || attendedNames.split(',').includes(seat)) next.set(seat, Number(place));
      }
      return next;
    });
  }, [ends, attendedNames]);
  return new Map(
    live.seats.map(({ id }) => {
      const pane = paneOf(live, id);
      const from = seen.get(id);
      return [id, attended.includes(id) || from === undefined ? 0 : pane.size - 1 - pane.floorIndex(from)];
    }),
  );
}
