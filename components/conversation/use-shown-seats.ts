'use client';

import { parseAsArrayOf, parseAsString, useQueryState } from 'nuqs';
import { useCallback, useMemo } from 'react';
import type { Seat } from '@/lib/protocol/conversation';
import type { SeatId } from '@/lib/protocol/ids';

/** The two seats that stand side by side; the address says which (`?seats=a,c`) where they are not the first two. */
export function useShownSeats(
  seats: readonly Seat[],
): [shown: readonly SeatId[], show: (ids: readonly SeatId[]) => void] {
  const [asked, setAsked] = useQueryState('seats', parseAsArrayOf(parseAsString));
  const askedNames = asked?.join() ?? '';
  const shown = useMemo(() => {
    const chosen = askedNames.split(',').flatMap((name) => seats.find(({ id }) => id === name)?.id ?? []);
    return new Set(chosen).size === 2 ? chosen : firstTwo(seats);
  }, [seats, askedNames]);
  const show = useCallback(
    (ids: readonly SeatId[]) => void setAsked(ids.join() === firstTwo(seats).join() ? null : [...ids]),
    [setAsked, seats],
  );
  return [shown, show];
}

const firstTwo = (seats: readonly Seat[]) => seats.slice(0, 2).map(({ id }) => id);
