import { type FailingQuery, LoadFailed } from './load-failed';
import { LoadingRows } from './skeleton';

/** What a query of a list is known by here. */
export type ListQuery = FailingQuery & { isPending: boolean; data: { more?: boolean } | undefined };

type ListBodyProps = {
  /** What is listed, as in a sentence: `conversations`. */
  what: string;
  query: ListQuery;
  /** How many rows there are to show. */
  count: number;
  /** Height of a row, by class. */
  rowClass?: string;
  /** In the place of the rows where there are none: `NothingListed`. */
  empty: React.ReactNode;
  /** Said under the rows where the list goes on beyond them. */
  moreText: string;
  children: React.ReactNode;
};

/** The body of a page that is a list, in each of its states: on its way, failed, empty, there, and cut. */
export function ListBody({ what, query, count, rowClass = 'h-11', empty, moreText, children }: ListBodyProps) {
  const { isPending, data } = query;
  return (
    <div className="flex min-h-0 flex-1 flex-col bg-surface">
      {isPending && <LoadingRows rows={6} rowClass={rowClass} what={what} />}
      <LoadFailed what={`The ${what}`} query={query} />
      {data && count === 0 && empty}
      {count > 0 && children}
      {data?.more && (
        <p className="flex-none border-line-strong border-t px-4 py-1.5 text-meta text-text-2">{moreText}</p>
      )}
    </div>
  );
}
