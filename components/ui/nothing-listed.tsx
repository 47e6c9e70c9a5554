import { Button } from './button';

type NothingListedProps = {
  title: string;
  /** What would be here, and how it comes here. */
  children: React.ReactNode;
  /** Where a filter is what leaves none over: how to see all. */
  onShowAll?: (() => void) | undefined;
  action?: React.ReactNode;
};

/** In the place of rows where there are none. */
export const NothingListed = ({ title, children, onShowAll, action }: NothingListedProps) => (
  <div className="px-4 py-5">
    <p className="font-name">{title}</p>
    <p className="mt-0.5 mb-3 max-w-[64ch] text-pretty text-text-2">{children}</p>
    {onShowAll ? (
      <Button size="small" onClick={onShowAll}>
        Show all
      </Button>
    ) : (
      action
    )}
  </div>
);
