import { classNames } from './class-names';

/**
 * Holds the place of what is being fetched, in its exact size: give height and width by class. It does not move;
 * `LoadingRows` announces the waiting once for the whole list.
 */
export const Skeleton = ({ className }: { className?: string }) => (
  <span aria-hidden="true" className={classNames('block rounded-tile bg-line', className)} />
);

/** Rows of a list that is being fetched, as high as the rows that will replace them. */
export function LoadingRows({ rows, rowClass, what }: { rows: number; rowClass: string; what: string }) {
  return (
    <div role="status" aria-label={`Loading ${what}`}>
      {Array.from({ length: rows }, (_, row) => `row-${row}`).map((key) => (
        <div key={key} className={classNames('flex items-center gap-3 border-line border-b px-4', rowClass)}>
          <Skeleton className="size-5" />
          <Skeleton className="h-3 w-40 max-w-[30%]" />
          <Skeleton className="h-3 w-64 max-w-[40%]" />
        </div>
      ))}
    </div>
  );
}
