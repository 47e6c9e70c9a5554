'use client';

import { countText } from '@/components/ui/count-text';
import type { Axis } from './use-axis';

/** `12 new ↓`, while the reader is elsewhere. */
export function FreshPill({ axis }: { axis: Pick<Axis, 'following' | 'fresh' | 'toEnd'> }) {
  if (axis.following) return null;
  return (
    <button
      type="button"
      onClick={axis.toEnd}
      className="-translate-x-1/2 absolute bottom-3 left-1/2 z-2 flex h-6 items-center gap-1.5 whitespace-nowrap rounded-round border border-ink bg-raised px-2.5 text-meta font-control text-text pointer-coarse:h-11"
    >
      {axis.fresh > 0 ? `${countText(axis.fresh)} new` : 'To the end'}
      <span aria-hidden="true">↓</span>
    </button>
  );
}
