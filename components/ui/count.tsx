import { classNames } from './class-names';

/** A figure in a small box. `waiting`: it needs somebody now (amber). Shows `99+` above 99; nothing at 0. */
export function Count({ value, waiting = false, className }: { value: number; waiting?: boolean; className?: string }) {
  if (value === 0) return null;
  return (
    <span
      className={classNames(
        'inline-block h-4 min-w-4 rounded-tile px-1 text-center text-micro font-strong',
        waiting ? 'bg-wait text-on-wait' : 'bg-press text-text-2',
        className,
      )}
    >
      {value > 99 ? '99+' : value}
    </span>
  );
}
