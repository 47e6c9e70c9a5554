'use client';

import { useRef, useState } from 'react';
import { lazyModule } from './lazy-module';
import { ListRow } from './list-row';
import type { RowListProps, RowsProps } from './rows-props';
import { useKeptScroll } from './use-kept-scroll';
import { useShortcuts } from './use-shortcuts';

/** So many rows are all drawn; of more, only those in sight. */
const DRAWN_MAX = 80;
const virtual = lazyModule(() => import('./virtual-rows'));

/** A list, however long. J and K move through it, enter follows the row's link. */
export function RowList<Item>(props: RowListProps<Item>) {
  const { label, items } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const reveal = useRef<((index: number) => void) | null>(null);
  const [isLong, setLong] = useState(items.length > DRAWN_MAX); // and stays so: changing over draws all rows anew
  if (!isLong && items.length > DRAWN_MAX) setLong(true);
  const long = virtual.useLoaded(isLong);

  useKeptScroll(scroller, label);
  const current = useRef(-1); // where J and K stand; the focus follows a frame later, when the row is drawn
  const onFocus = (index: number) => {
    current.current = index;
  };
  const move = (by: number) => {
    if (items.length === 0) return;
    current.current = Math.min(items.length - 1, Math.max(0, current.current + by));
    reveal.current?.(current.current);
    requestAnimationFrame(() => {
      const row = scroller.current?.querySelector(`[data-index="${current.current}"]`);
      row?.querySelector<HTMLElement>('a, button')?.focus();
    });
  };
  useShortcuts(label, [
    { keys: 'j', label: 'Next row', run: () => move(1) },
    { keys: 'k', label: 'Previous row', run: () => move(-1) },
  ]);

  const rows = { ...props, scroller, reveal, onFocus };
  return (
    <div ref={scroller} className="thin-scroll relative min-h-0 flex-1 overflow-y-auto">
      {isLong && long ? <long.VirtualRows {...rows} /> : <FirstRows {...rows} />}
    </div>
  );
}

/** All rows of a short list; of a long one, its beginning, until what draws those in sight is loaded. */
const FirstRows = <Item,>({ label, items, keyOf, onFocus, children }: RowsProps<Item>) => (
  <ul aria-label={label}>
    {items.slice(0, DRAWN_MAX).map((item, index) => (
      <ListRow key={keyOf(item)} index={index} size={items.length} onFocus={() => onFocus(index)}>
        {children(item)}
      </ListRow>
    ))}
  </ul>
);
