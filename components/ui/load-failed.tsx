'use client';

import { Button } from './button';
import { StateShape } from './state-shape';

/** What a query that may fail is known by here. */
export type FailingQuery = { data: unknown; error: Error | null; isFetching: boolean; refetch: () => unknown };

type LoadFailedProps = {
  /** What could not be had: `The agents`. */
  what: string;
  query: FailingQuery;
};

/**
 * In the place of what could not be fetched: the words of the failure, and a way to try again. Nothing while all is
 * well, and nothing where there is something to show from before.
 */
export function LoadFailed({ what, query: { data, error, isFetching, refetch } }: LoadFailedProps) {
  if (!error || data !== undefined) return null;
  return (
    <div role="alert" className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
      <StateShape shape="octagon" />
      <p className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        <span className="font-name">{what} could not be loaded.</span>{' '}
        <span className="text-text-2">{error.message}</span>
      </p>
      <Button size="small" busy={isFetching} onClick={() => void refetch()}>
        Try again
      </Button>
    </div>
  );
}
