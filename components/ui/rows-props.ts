export type RowListProps<Item> = {
  /** What is listed: its name for readers, and of its keys in the sheet. */
  label: string;
  items: readonly Item[];
  keyOf: (item: Item) => string;
  /** Height of a row in px before it is measured. */
  rowHeight: number;
  /** The inside of a row. Its first link or button is where J and K lead. */
  children: (item: Item) => React.ReactNode;
};

export type RowsProps<Item> = RowListProps<Item> & {
  scroller: React.RefObject<HTMLDivElement | null>;
  /** Set to what brings a row into view, where the rows do not all stand there. */
  reveal: React.RefObject<((index: number) => void) | null>;
  onFocus: (index: number) => void;
};
