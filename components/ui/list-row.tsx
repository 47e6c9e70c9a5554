type ListRowProps = {
  ref?: React.Ref<HTMLLIElement>;
  index: number;
  /** Of how many it is one. */
  size: number;
  onFocus: () => void;
  /** Distance from the top of the list in px, where rows do not follow one another by themselves. */
  start?: number;
  children: React.ReactNode;
};

/** One row of a RowList. */
export const ListRow = ({ ref, index, size, onFocus, start, children }: ListRowProps) => (
  <li
    ref={ref}
    data-index={index}
    onFocus={onFocus}
    aria-setsize={size}
    aria-posinset={index + 1}
    className={`${start === undefined ? 'relative' : 'absolute inset-x-0 top-0 [contain:layout_style]'} border-line border-b has-focus-visible:bg-press has-focus-visible:before:absolute has-focus-visible:before:inset-y-0 has-focus-visible:before:left-0 has-focus-visible:before:w-0.5 has-focus-visible:before:bg-ink hover:bg-hover`}
    {...(start === undefined ? {} : { style: { transform: `translateY(${start}px)` } })}
  >
    {children}
  </li>
);
