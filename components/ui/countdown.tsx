'use client';

import { useCallback } from 'react';
import { classNames } from './class-names';
import { countdownLook } from './countdown-text';
import { useClockText } from './relative-time';
import { exactTimeText } from './relative-time-text';

const CIRCUMFERENCE = 50.3;

type CountdownProps = {
  /** ISO-8601: when the time began to run, and when it is over; null for what has no deadline. */
  from: string;
  until: string | null;
  size?: 'small' | 'regular';
};

/** What is left of a deadline: ring and figure together, the last ten seconds on amber, words where there is nothing to count. */
export function Countdown({ from, until, size = 'small' }: CountdownProps) {
  const [start, end] = [Date.parse(from), until === null ? null : Date.parse(until)];
  const told = useClockText(
    useCallback((now) => (end === null ? '' : JSON.stringify(countdownLook(start, end, now))), [start, end]),
  );
  if (until === null || end === null) return <Word>No deadline</Word>;
  if (told === '') return null; // the server has no clock of the reader's
  const { figure, share, isLast, isOver }: ReturnType<typeof countdownLook> = JSON.parse(told);
  if (isOver) return <Word>{figure}</Word>;
  return (
    <time
      dateTime={until}
      title={exactTimeText(end)}
      className={classNames(
        'inline-flex flex-none items-center gap-1.5 whitespace-nowrap font-strong text-ui text-text',
        isLast && 'rounded-tile bg-wait pr-1.5 pl-0.5 text-on-wait',
      )}
    >
      <svg
        viewBox="0 0 20 20"
        aria-hidden="true"
        className={classNames('-rotate-90 flex-none', size === 'small' ? 'size-4' : 'size-5')}
      >
        <circle
          cx="10"
          cy="10"
          r="8"
          fill="none"
          strokeWidth="2.5"
          stroke={isLast ? 'oklch(0.235 0.012 190 / 0.25)' : 'var(--line-strong)'}
        />
        <circle
          cx="10"
          cy="10"
          r="8"
          fill="none"
          strokeWidth="2.5"
          stroke={isLast ? 'oklch(0.235 0.012 190)' : 'var(--wait-line)'}
          strokeDasharray={CIRCUMFERENCE}
          strokeDashoffset={CIRCUMFERENCE * (1 - share)}
          className="motion-safe:transition-[stroke-dashoffset] motion-safe:duration-1000 motion-safe:ease-linear"
        />
      </svg>
      <span className="sr-only">Time left: </span>
      {figure}
    </time>
  );
}

const Word = ({ children }: { children: React.ReactNode }) => (
  <span className="flex-none whitespace-nowrap text-text-3 text-ui">{children}</span>
);
