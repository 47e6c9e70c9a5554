'use client';

import { Button } from './button';
import { StateShape } from './state-shape';

type LoadFailedProps = {
  /** What could not be had: `The agents`. */
  what: string;
  error: Error;
  onRetry: () => void;
  busy?: boolean;
};

/** In the place of what could not be fetched: the words of the failure, and a way to try again. */
export function LoadFailed({ what, error, onRetry, busy = false }: LoadFailedProps) {
  return (
    <div role="alert" className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
      <StateShape shape="octagon" />
      <p className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        <span className="font-name">{what} could not be loaded.</span>{' '}
        <span className="text-text-2">{error.message}</span>
      </p>
      <Button size="small" busy={busy} onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}
