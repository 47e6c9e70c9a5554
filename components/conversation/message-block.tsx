'use client';

import { classNames } from '@/components/ui/class-names';
import { hueClass } from '@/components/ui/seat-hue';
import type { CrossingEnd } from './crossing-end';
import { crossingText } from './crossing-end';
import type { Side } from './row-frame';
import { useLit, useStage } from './stage-context';

type MessageBlockProps = {
  ends: readonly CrossingEnd[];
  end: 'author' | 'receiver';
  side: Side;
  /** A person wrote it in the author's place. */
  byPerson?: boolean;
  children: React.ReactNode;
};

/**
 * A message that crosses the channel, at one of its ends: 2 px in the author's hue towards the channel, the author's
 * wash where it arrived, lit together with its other end. `data-out` and `data-in` are where the lines are drawn to.
 */
export function MessageBlock({ ends, end, side, byPerson = false, children }: MessageBlockProps) {
  const { who, hovered } = useStage();
  const ids = ends.map(({ crossing }) => crossing.id);
  const lit = useLit(ids);
  const from = ends[0]?.crossing.from;
  const hue = byPerson ? 'human' : from ? who[from]?.hue : undefined;
  return (
    <div
      {...(end === 'author' ? { 'data-out': ids.join(' ') } : { 'data-in': ids.join(' ') })}
      onPointerEnter={() => hovered.set(ids[0] ?? null)}
      onPointerLeave={() => hovered.set(null)}
      className={classNames(
        'relative mt-1 mb-0.5 rounded-control border px-[11px] py-[7px] text-talk text-pretty',
        hue ? hueClass[hue] : 'seat-d',
        lit
          ? 'border-seat bg-seat-wash-2'
          : classNames('border-line-strong', end === 'author' && !byPerson ? 'bg-surface' : 'bg-seat-wash'),
        side === 'left' ? 'border-r-2 border-r-seat' : 'border-l-2 border-l-seat',
      )}
    >
      {children}
      {ends.map((one) => (
        <span
          key={one.crossing.id}
          className="mt-1 block font-mono text-micro text-seat-text desk:sr-only [overflow-wrap:anywhere]"
        >
          {crossingText(one, end, who)}
        </span>
      ))}
    </div>
  );
}
