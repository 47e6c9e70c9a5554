'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { Draft } from '@/lib/protocol/draft';
import { DraftRow } from './draft-row';
import type { Selection } from './selection';

const ROW_PX = 83;
const OVERSCAN = 8;

type DraftListProps = {
  drafts: readonly Draft[];
  currentId: string | null;
  selection: Selection;
  selectable: boolean;
  onOpen: (draft: Draft) => void;
  onSelect: (draft: Draft, extend: boolean) => void;
};

/** All drafts, of which only those in sight are drawn; the current one is kept in sight. */
export function DraftList({ drafts, currentId, selection, selectable, onOpen, onSelect }: DraftListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: drafts.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    getItemKey: (index) => drafts[index]?.id ?? index,
  });
  const index = drafts.findIndex(({ id }) => id === currentId);
  const latest = useRef({ rows, index });
  useEffect(() => {
    latest.current = { rows, index };
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: on another draft, not when the list moves under the reader
  useEffect(() => {
    if (latest.current.index >= 0) latest.current.rows.scrollToIndex(latest.current.index, { align: 'auto' });
  }, [currentId]);
  return (
    <div ref={scroller} className="thin-scroll relative min-h-0 flex-1 overflow-y-auto bg-surface">
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
              <DraftRow
                draft={draft}
                current={draft.id === currentId}
                selected={selection.ids.has(draft.id)}
                selectable={selectable && draft.status === 'pending'}
                onOpen={onOpen}
                onSelect={onSelect}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}
