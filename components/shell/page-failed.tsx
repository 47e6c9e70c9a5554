'use client';

import { Button } from '@/components/ui/button';
import { StateShape } from '@/components/ui/state-shape';

/** In the place of a page that broke: what is known, and the ways on. */
export function PageFailed({ error, onRetry }: { error: Error & { digest?: string }; onRetry: () => void }) {
  return (
    <div role="alert" className="max-w-[640px] px-4 py-6">
      <h2 className="flex items-center gap-2 font-strong text-title">
        <StateShape shape="octagon" className="size-3.5 flex-none" />
        This page broke
      </h2>
      <p className="mt-1 text-pretty text-talk text-text-2">
        It is a fault of the page; nothing that was recorded is lost.{' '}
        {error.digest && `The log names it ${error.digest}.`}
      </p>
      {error.message !== '' && <p className="mt-2 font-mono text-mono [overflow-wrap:anywhere]">{error.message}</p>}
      <div className="mt-4 flex gap-2">
        <Button onClick={onRetry}>Try again</Button>
        <Button onClick={() => window.location.assign('/')}>To the overview</Button>
      </div>
    </div>
  );
}
