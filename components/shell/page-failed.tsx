'use client';

import { buttonClass } from '@/components/ui/button-class';

/**
 * In the place of a page that broke: what is known, and the ways on. Every page carries it, so that it is made of little.
 */
export function PageFailed({ error, onRetry }: { error: Error & { digest?: string }; onRetry: () => void }) {
  return (
    <div role="alert" className="max-w-[640px] px-4 py-6">
      <h2 className="flex items-center gap-2 font-strong text-title">
        <svg aria-hidden="true" viewBox="0 0 12 12" className="size-3.5 flex-none">
          <path d="M3.6.9h4.8l2.7 2.7v4.8l-2.7 2.7H3.6L.9 8.4V3.6z" fill="var(--fail)" />
        </svg>
        This page broke
      </h2>
      <p className="mt-1 text-pretty text-talk text-text-2">
        It is a fault of the page; nothing that was recorded is lost.{' '}
        {error.digest && `The log names it ${error.digest}.`}
      </p>
      {error.message !== '' && <p className="mt-2 font-mono text-mono [overflow-wrap:anywhere]">{error.message}</p>}
      <div className="mt-4 flex gap-2">
        <button type="button" className={buttonClass()} onClick={onRetry}>
          Try again
        </button>
        <button type="button" className={buttonClass()} onClick={() => window.location.assign('/')}>
          To the overview
        </button>
      </div>
    </div>
  );
}
