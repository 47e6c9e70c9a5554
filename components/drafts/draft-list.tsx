'use client';

import { useEffect, useRef, useState } from 'react';
import { lazyModule } from '@/components/ui/lazy-module';
import type { Draft } from '@/lib/protocol/draft';
import { DraftRow } from './draft-row';
import type { DraftRowsProps } from './draft-rows-props';
import type { Selection } from './selection';

type DraftListProps = {
  drafts: readonly Draft[];
  currentId: string | null;
  selection: Selection;
  selectable: boolean;
  onOpen: (draft: Draft) => void;
  onSelect: (draft: Draft, extend: boolean) => void;
};

/** So many drafts are all drawn; of more, only those in sight. */
const DRAWN_MAX = 60;
const virtual = lazyModule(() => import('./virtual-drafts'));

/** All drafts, however many; the current one is kept in sight. */
export function DraftList({ drafts, currentId, selection, selectable, onOpen, onSelect }: DraftListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [areMany, setMany] = useState(drafts.length > DRAWN_MAX); // and stays so: changing over draws all rows anew
  if (!areMany && drafts.length > DRAWN_MAX) setMany(true);
  const many = virtual.useLoaded(areMany);
  const rows: DraftRowsProps = {
    drafts,
    current: currentId,
    scroller,
    rowOf: (draft) => ({
      draft,
      current: draft.id === currentId,
      selected: selection.ids.has(draft.id),
      selectable: selectable && draft.status === 'pending',
      onOpen,
      onSelect,
    }),
  };
  return (
    <div ref={scroller} className="thin-scroll relative min-h-0 flex-1 overflow-y-auto bg-surface">
      {areMany && many ? <many.VirtualDrafts {...rows} /> : <FirstDrafts {...rows} />}
    </div>
  );
}

/** All of a few drafts; of many, the first, until what draws those in sight is loaded. */
function FirstDrafts({ drafts, current, scroller, rowOf }: DraftRowsProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: on another draft, not when the list moves under the reader
  useEffect(() => {
    const index = drafts.findIndex(({ id }) => id === current);
    scroller.current?.querySelector(`[data-index="${index}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <ul aria-label="Drafts">
      {drafts.slice(0, DRAWN_MAX).map((draft, index) => (
        <li
          key={draft.id}
          data-index={index}
          aria-setsize={drafts.length}
          aria-posinset={index + 1}
          className="border-line border-b"
        >
          <DraftRow {...rowOf(draft)} />
        </li>
      ))}
    </ul>
  );
}
