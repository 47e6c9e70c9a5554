'use client';

import { useCallback, useMemo } from 'react';
import { useTextInAddress } from '@/components/ui/use-in-address';
import type { Seat } from '@/lib/protocol/conversation';
import type { SeatId } from '@/lib/protocol/ids';

/** The two seats that stand side by side; the address says which (`?seats=a,c`) where they are not the first two. */
export function useShownSeats(
  seats: readonly Seat[],
): [shown: readonly SeatId[], show: (ids: readonly SeatId[]) => void] {
  const [asked, setAsked] = useTextInAddress('seats');
  const shown = useMemo(() => {
    const chosen = asked.split(',').flatMap((name) => seats.find(({ id }) => id === name)?.id ?? []);
    return new Set(chosen).size === 2 ? chosen : firstTwo(seats);
  }, [seats, asked]);
  const show = useCallback(
    (ids: readonly SeatId[]) => setAsked(ids.join() === firstTwo(seats).join() ? '' : ids.join()),
    [setAsked, seats],
  );
  return [shown, show];
}

const firstTwo = (seats: readonly Seat[]) => seats.slice(0, 2).map(({ id }) => id);
