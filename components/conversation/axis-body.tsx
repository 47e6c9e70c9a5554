'use client';

import type { VirtualItem } from '@tanstack/react-virtual';
import { stageRoles } from './stage-roles';
import type { Axis } from './use-axis';

/** What scrolls an axis: it keeps the reader's place itself, which the browser must not do as well. */
export const scrollerClass =
  'absolute inset-0 flex flex-col overflow-y-auto overflow-x-hidden [overflow-anchor:none] [scrollbar-width:none]';

type AxisBodyProps<T> = {
  axis: Axis;
  items: readonly { virtual: VirtualItem; item: T; index: number }[];
  /** What each row is to readers of the page. */
  as: 'row' | 'item';
  render: (item: T, index: number) => React.ReactNode;
  /** A short list stands at the end of its room, as talk does, or at its start. */
  short?: 'end' | 'start';
  /** Behind the rows, in their coordinates. */
  behind?: React.ReactNode;
};

/** The rows of an axis that are near the reader, each where it belongs. */
export function AxisBody<T>({ axis, items, as, render, behind, short = 'end' }: AxisBodyProps<T>) {
  return (
    <div
      ref={axis.container}
      {...stageRoles.none}
      className={`relative flex-none ${short === 'end' ? 'mt-auto' : ''}`}
      style={{ height: axis.virtualizer.getTotalSize() }}
    >
      {behind}
      {items.map(({ virtual, item, index }) => (
        <div
          key={virtual.key}
          ref={axis.virtualizer.measureElement}
          data-index={virtual.index}
          {...(as === 'row' ? stageRoles.row(index + 2) : stageRoles.item)}
          className="absolute inset-x-0 top-0"
          style={{ transform: `translateY(${virtual.start - axis.above}px)` }}
        >
          {render(item, index)}
        </div>
      ))}
    </div>
  );
}
