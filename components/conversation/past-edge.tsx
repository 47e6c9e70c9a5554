'use client';

import { Button } from '@/components/ui/button';

/** What lies before the loaded part of a transcript. */
export type Past = {
  /** Loads one page more; null when there is none or it is under way. */
  loadOlder: (() => void) | null;
  state: 'more' | 'loading' | 'beginning' | { failed: string };
  retry: () => void;
};

/** Over the oldest rows, without moving them: that older ones come, or could not be had. */
export function PastEdge({ past: { state, retry } }: { past: Past }) {
  if (state === 'beginning' || state === 'more') return null;
  return (
    <div className="-translate-x-1/2 absolute top-2 left-1/2 z-2 flex max-w-full items-center justify-center gap-3 rounded-control border border-line-strong bg-raised px-3 py-1 text-meta text-text-2">
      {state === 'loading' ? (
        <span role="status">Loading older messages</span>
      ) : (
        <>
          <span role="alert">Older messages could not be loaded: {state.failed}</span>
          <Button size="small" onClick={retry}>
            Try again
          </Button>
        </>
      )}
    </div>
  );
}
