'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { DraftRow } from './draft-row';
import type { DraftRowsProps } from './draft-rows-props';

const ROW_PX = 83;
const OVERSCAN = 8;

/** The rows in sight of many drafts; draft-list.tsx loads it for them. */
export function VirtualDrafts({ drafts, current, scroller, rowOf }: DraftRowsProps) {
  const rows = useVirtualizer({
    count: drafts.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    getItemKey: (index) => drafts[index]?.id ?? index,
  });
  const index = drafts.findIndex(({ id }) => id === current);
  const latest = useRef({ rows, index });
  useEffect(() => {
    latest.current = { rows, index };
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: on another draft, not when the list moves under the reader
  useEffect(() => {
    if (latest.current.index >= 0) latest.current.rows.scrollToIndex(latest.current.index, { align: 'auto' });
  }, [current]);
  return (
    <ul aria-label="Drafts" className="relative" style={{ height: rows.getTotalSize() }}>
      {rows.getVirtualItems().map((row) => {
        const draft = drafts[row.index];
        if (!draft) return null;
        return (
          <li
            key={row.key}
            ref={rows.measureElement}
            data-index={row.index}
            aria-setsize={drafts.length}
            aria-posinset={row.index + 1}
            className="absolute inset-x-0 top-0 border-line border-b"
            style={{ transform: `translateY(${row.start}px)` }}
          >
            <DraftRow {...rowOf(draft)} />
          </li>
        );
      })}
    </ul>
  );
}
