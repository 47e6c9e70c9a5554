'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { useShortcuts } from './use-shortcuts';

type RowListProps<Item> = {
  /** What is listed: its name for readers, and of its keys in the sheet. */
  label: string;
  items: readonly Item[];
  keyOf: (item: Item) => string;
  /** Height of a row in px before it is measured. */
  rowHeight: number;
  /** The inside of a row. Its first link or button is where J and K lead. */
  children: (item: Item) => React.ReactNode;
};

const OVERSCAN = 8;

/** A long list of which only the rows in sight are drawn. J and K move through it, enter follows the row's link. */
export function RowList<Item>({ label, items, keyOf, rowHeight, children }: RowListProps<Item>) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
  });

  const current = useRef(-1); // where J and K stand; the focus follows a frame later, when the row is drawn
  const move = (by: number) => {
    if (items.length === 0) return;
    current.current = Math.min(items.length - 1, Math.max(0, current.current + by));
    rows.scrollToIndex(current.current);
    requestAnimationFrame(() => {
      const row = scroller.current?.querySelector(`[data-index="${current.current}"]`);
      row?.querySelector<HTMLElement>('a, button')?.focus();
    });
  };
  useShortcuts(label, [
    { keys: 'j', label: 'Next row', run: () => move(1) },
    { keys: 'k', label: 'Previous row', run: () => move(-1) },
  ]);

  return (
    <div ref={scroller} className="thin-scroll relative min-h-0 flex-1 overflow-y-auto">
      <ul aria-label={label} className="relative" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ key, index, start }) => {
          const item = items[index];
          if (item === undefined) return null;
          return (
            <li
              key={key}
              ref={rows.measureElement}
              data-index={index}
              onFocus={() => {
                current.current = index;
              }}
              aria-setsize={items.length}
              aria-posinset={index + 1}
              className="absolute inset-x-0 top-0 border-line border-b has-focus-visible:bg-press has-focus-visible:before:absolute has-focus-visible:before:inset-y-0 has-focus-visible:before:left-0 has-focus-visible:before:w-0.5 has-focus-visible:before:bg-ink hover:bg-hover"
              style={{ transform: `translateY(${start}px)` }}
            >
              {children(item)}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
