'use client';

import { useCallback } from 'react';
import { classNames } from '@/components/ui/class-names';
import { pauseText } from '@/components/ui/duration-text';
import { useClockText } from '@/components/ui/relative-time';
import { Tooltip } from '@/components/ui/tooltip';
import { useConnection } from '@/lib/client/live-connection';

const words = {
  connecting: 'Connecting',
  live: 'Live',
  stale: 'Stale',
  offline: 'Offline',
  refused: 'Refused',
} as const;

/** `12 ms`, `1.2 s`, `14 s`, `18 min`, `2 h`. */
const durationText = (ms: number): string => pauseText(Math.max(1, ms));

/** Whether the page hears the server: a filled dot, a word and how long an answer takes, or a hollow one. */
export function LiveMark() {
  const { state, lastBeatAt, latencyMs, reason } = useConnection();
  const live = state === 'live';
  const sinceText = useClockText(
    useCallback((now) => (lastBeatAt === null ? '' : durationText(Math.max(0, now - lastBeatAt))), [lastBeatAt]),
  );
  const figure = live ? (latencyMs === null ? '' : durationText(latencyMs)) : sinceText;
  const hint = lastBeatAt === null ? (reason ?? words[state]) : `Last beat ${sinceText} ago`;
  return (
    <Tooltip label={hint}>
      <button
        type="button"
        className="flex flex-none items-center gap-1.5 rounded-control px-1 text-meta text-text-2 pointer-coarse:min-h-11"
      >
        <span
          aria-hidden="true"
          className={classNames(
            'size-[7px] rounded-round',
            live && 'bg-done',
            state === 'connecting' && 'border-[1.5px] border-wait-line',
            !live && state !== 'connecting' && 'border-[1.5px] border-fail',
          )}
        />
        <span className={live ? 'max-desk:sr-only' : ''}>
          <span className="sr-only">Connection: </span>
          {words[state]}
        </span>
        {(figure !== '' || live) && (
          <span
            className={classNames('min-w-[6ch] text-left font-mono text-micro text-text-3', live && 'max-desk:sr-only')}
          >
            {figure}
          </span>
        )}
      </button>
    </Tooltip>
  );
}
