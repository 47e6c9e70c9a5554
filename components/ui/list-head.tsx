import { classNames } from './class-names';

type ListHeadProps = {
  /** The columns that the rows share, by class. */
  columns: string;
  /** Name of each column; empty for one that needs none. `end`: those whose figures stand at the right. */
  names: readonly string[];
  end?: readonly string[];
  /** Those that stand there from 1280 px on. */
  wide?: readonly string[];
};

/** The names of a list's columns, from 900 px on. The rows say the same by themselves, so readers of the page skip it. */
export const ListHead = ({ columns, names, end = [], wide = [] }: ListHeadProps) => (
  <div
    aria-hidden="true"
    className={classNames(
      'hidden h-7 flex-none items-center border-line-strong border-b px-4 font-control text-meta text-text-2 desk:grid',
      columns,
    )}
  >
    {names.map((name, index) => (
      <span
        key={name || `column-${index}`}
        className={classNames(end.includes(name) && 'text-right', wide.includes(name) && 'max-wide:hidden')}
      >
        {name}
      </span>
    ))}
  </div>
);
