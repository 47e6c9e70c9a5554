'use client';

import { useCallback, useSyncExternalStore } from 'react';
import { exactTimeText, relativeTimePhrase, relativeTimeText } from './relative-time-text';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;

/** One timer for all times on the page; a part is drawn again only when its words change. */
function everySecond(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const tell of listeners) tell();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

/** A store must give the same answer when it is asked twice in a row: the clock is read to the second. */
const thisSecond = () => Math.floor(Date.now() / 1_000) * 1_000;

/** A text that depends on the clock, recomputed every second. */
export const useClockText = (read: (now: number) => string): string =>
  useSyncExternalStore(
    everySecond,
    () => read(thisSecond()),
    () => '',
  );

/** The time to the second, in milliseconds since 1970; null until the page runs in a browser. */
export const useNow = (): number | null => useSyncExternalStore<number | null>(everySecond, thisSecond, () => null);

const HOUR_MS = 3_600_000;
const thisHour = () => Math.floor(Date.now() / HOUR_MS) * HOUR_MS;

/** The time to the hour, for what is long: nothing is drawn anew in between. */
export const useHour = (): number | null => useSyncExternalStore<number | null>(everySecond, thisHour, () => null);

type RelativeTimeProps = {
  /** ISO-8601. */
  at: string;
  /** As part of a sentence: `4 min ago`, `in 3 d`. */
  phrase?: boolean;
  className?: string;
};

/** How long ago, with the exact time on hover. */
export function RelativeTime({ at, phrase = false, className }: RelativeTimeProps) {
  const moment = Date.parse(at);
  const words = phrase ? relativeTimePhrase : relativeTimeText;
  const text = useClockText(useCallback((now) => words(moment, now), [moment, words]));
  return (
    <time dateTime={at} title={text === '' ? undefined : exactTimeText(moment)} className={className}>
      {text}
    </time>
  );
}
