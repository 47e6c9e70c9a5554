'use client';

import { ArrowRight, Diamond, Pause } from 'lucide-react';
import type { Edge } from '@/lib/protocol/conversation';
import type { SeatId } from '@/lib/protocol/ids';
import { Route } from './route';

const modes = {
  pass: { word: 'Pass', Glyph: ArrowRight, says: 'Messages are delivered at once' },
  review: { word: 'Review', Glyph: Diamond, says: 'Messages wait for a reviewer' },
  hold: { word: 'Hold', Glyph: Pause, says: 'Messages are held' },
} as const;

/** Each direction between the two seats, and what becomes of messages that go there. */
export function ChannelHead({ edges, shown }: { edges: readonly Edge[]; shown: readonly SeatId[] }) {
  const [left, right] = shown;
  const between = [
    [left, right],
    [right, left],
  ] as const;
  return (
    <div className="grid h-full content-center gap-1 px-3 max-desk:gap-2 max-desk:py-2.5 wide:px-5">
      {between.map(([from, to]) => {
        const edge = edges.find((one) => one.from === from && one.to === to);
        const { word, Glyph, says } = modes[edge?.mode ?? 'pass'];
        return (
          <div key={`${from}${to}`} className="flex items-center justify-between gap-2">
            <Route crossing={{ from: from ?? null, to: to ?? null, toName: null }} shown={shown} />
            <span title={says} className="inline-flex items-center gap-1.5 text-meta font-control text-text">
              <Glyph aria-hidden="true" size={12} strokeWidth={1.5} className="text-text-2" />
              {word}
            </span>
          </div>
        );
      })}
    </div>
  );
}
