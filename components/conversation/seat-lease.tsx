'use client';

import { useCallback } from 'react';
import { classNames } from '@/components/ui/class-names';
import { type CountdownLook, countdownLook } from '@/components/ui/countdown-text';
import { useClockText } from '@/components/ui/relative-time';
import { exactTimeText } from '@/components/ui/relative-time-text';
import { LEASE_SECONDS } from './lease-seconds';

/** How long a person still sits in a seat: a bar and a figure, the last ten seconds on amber. `until` is ISO-8601. */
export function SeatLease({ until }: { until: string }) {
  const end = Date.parse(until);
  const told = useClockText(
    useCallback((now) => JSON.stringify(countdownLook(end - LEASE_SECONDS * 1_000, end, now)), [end]),
  );
  if (told === '') return null; // the server has no clock of the reader's
  const { figure, share, isLast, isOver }: CountdownLook = JSON.parse(told);
  return (
    <span className="flex min-w-0 items-center gap-2 whitespace-nowrap text-meta text-text-2">
      <span>Lease</span>
      <span aria-hidden="true" className="h-1 w-14 overflow-hidden rounded-round bg-human-wash-2 max-wide:hidden">
        <span className="block h-full bg-human" style={{ width: `${Math.round(share * 100)}%` }} />
      </span>
      <time
        dateTime={until}
        title={exactTimeText(end)}
        className={classNames('font-strong text-text', isLast && !isOver && 'rounded-tile bg-wait px-1 text-on-wait')}
      >
        {figure}
      </time>
    </span>
  );
}
