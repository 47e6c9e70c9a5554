'use client';

import { lazyModule } from '@/components/ui/lazy-module';
import { tellNotLoaded } from '@/components/ui/tell-not-loaded';
import type { PastFromLettaProps } from './past-from-letta';

const pastFromLetta = lazyModule(() => import('./past-from-letta'));

/** The way to what a thread held before, above the oldest row. Its room is there before it is: nothing moves for it. */
export function OlderHistory(props: PastFromLettaProps) {
  const part = pastFromLetta.useLoaded(true, tellNotLoaded);
  if (part) return <part.PastFromLetta {...props} />;
  return (
    <div className="border-line-strong border-b border-dashed bg-sunken pb-1">
      <div className="min-h-10" />
    </div>
  );
}
