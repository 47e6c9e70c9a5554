'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useImperativeHandle } from 'react';
import { ListRow } from './list-row';
import type { RowsProps } from './rows-props';

const OVERSCAN = 8;

/** The rows in sight of a long list; row-list.tsx loads it for one. */
export function VirtualRows<Item>(props: RowsProps<Item>) {
  const { label, items, keyOf, rowHeight, scroller, reveal, onFocus, children } = props;
  // HAZARD: another function means that all rows, not only those in sight, are placed anew, with every frame of a scroll.
  const getItemKey = useCallback(
    (index: number) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
    [items, keyOf],
  );
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    getItemKey,
  });
  useImperativeHandle(reveal, () => (index: number) => rows.scrollToIndex(index), [rows]);
  return (
    <ul aria-label={label} className="relative" style={{ height: rows.getTotalSize() }}>
      {rows.getVirtualItems().map(({ key, index, start }) => {
        const item = items[index];
        if (item === undefined) return null;
        return (
          <ListRow
            key={key}
            ref={rows.measureElement}
            index={index}
            size={items.length}
            start={start}
            onFocus={() => onFocus(index)}
          >
            {children(item)}
          </ListRow>
        );
      })}
    </ul>
  );
}
