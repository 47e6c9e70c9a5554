'use client';

import { Clock } from 'lucide-react';
import { classNames } from '@/components/ui/class-names';
import { HostileText } from '@/components/ui/hostile-text';
import { hueClass } from '@/components/ui/seat-hue';
import type { CrossingEnd } from './crossing-end';
import { authorName } from './crossing-end';
import { bodyClass, glyphClass, RowLine, rowClass, type Side } from './row-frame';
import { useStage } from './stage-context';

/** In the receiver's pane, level with the draft: where the message will stand once somebody lets it through. */
export function WaitingGhost({ end: { crossing }, side }: { end: CrossingEnd; side: Side }) {
  const { who } = useStage();
  const hue = (crossing.from && who[crossing.from]?.hue) || 'd';
  return (
    <div className={classNames(rowClass[side], hueClass[hue])}>
      <Clock aria-hidden="true" size={14} strokeWidth={1.5} className={glyphClass} />
      <div className={bodyClass[side]}>
        <RowLine>Not delivered</RowLine>
        <p
          data-ghost={crossing.id}
          className="mt-1 mb-0.5 rounded-control border border-line-strong border-dashed px-[11px] py-[7px] text-text-2"
        >
          <HostileText text={`${authorName(crossing, who)}’s next message waits for an answer in the channel.`} ours />
        </p>
      </div>
    </div>
  );
}
