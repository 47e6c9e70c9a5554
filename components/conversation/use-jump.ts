'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { reasonOf } from '@/components/ui/reason-of';
import { showToast } from '@/components/ui/toast';
import { useInAddress } from '@/components/ui/use-in-address';
import type { TranscriptPlace } from '@/lib/client/load-around';
import type { WireEntry } from '@/lib/protocol/entry';

/** An entry to whose row the reader wants to go; asking for the same again is another one of these. */
export type Wanted = { seq: number; streamSeq: number; focus: boolean } | 'end';

/** Brings a place of the conversation into view, once what lies around it is loaded; the focus goes there unless said. */
export type Jump = (place: TranscriptPlace, options?: { focus: boolean }) => Promise<void>;

/** `?at=1234` is an entry by its streamSeq, `?at=2026-11-21T11:41:00Z` a time. */
function placeOfText(text: string): TranscriptPlace | null {
  if (/^[1-9]\d{0,14}$/.test(text)) return { streamSeq: Number(text) };
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : { time: new Date(at).toISOString() };
}

/** Jumps within the conversation: to where the address says once `ready`, and to wherever the reader asks. */
export function useJump(
  goTo: (place: TranscriptPlace) => Promise<WireEntry | null>,
  ready: boolean,
): { wanted: Wanted | null; jump: Jump } {
  const [at] = useInAddress('at');
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const latest = useRef(goTo);
  useEffect(() => {
    latest.current = goTo;
  });
  const jump: Jump = useCallback(async (place, { focus } = { focus: true }) => {
    try {
      const entry = await latest.current(place);
      setWanted(entry ? { seq: entry.seq, streamSeq: entry.streamSeq, focus } : 'end');
    } catch (error) {
      const reason = reasonOf(error);
      showToast({ text: `That place could not be shown: ${reason}`, tone: 'fail' });
    }
  }, []);
  useEffect(() => {
    const place = ready && at !== null ? placeOfText(at) : null;
    if (place) void jump(place);
  }, [at, ready, jump]);
  return { wanted, jump };
}
