import { classNames } from './class-names';
import { type Hue, hueClass } from './seat-hue';
import { initials, tileLetters } from './tile-letters';

const sizes = {
  small: 'size-4 text-[10px] leading-4 tracking-[-0.03em]',
  regular: 'size-5 text-[11px] leading-5',
  large: 'size-8 text-[15px] leading-8',
} as const;

type TileProps = {
  name: string;
  /** An agent is square in its seat's hue; a person is round and violet. */
  hue: Hue;
  size?: keyof typeof sizes;
  /** Instead of the first letter of the name, where two of a group share it (`tileLettersAmong`). */
  letters?: string;
  className?: string;
};

/** Who, at a glance. Hidden from readers of the page: the name always stands beside it. */
export function Tile({ name, hue, size = 'regular', letters, className }: TileProps) {
  const human = hue === 'human';
  return (
    <span
      aria-hidden="true"
      className={classNames(
        'inline-block flex-none overflow-hidden bg-seat text-center font-sans font-strong text-surface',
        sizes[size],
        human ? 'rounded-round' : size === 'large' ? 'rounded-control' : 'rounded-tile',
        hueClass[hue],
        className,
      )}
    >
      {letters ?? (human ? initials(name).slice(0, size === 'large' ? 2 : 1) : tileLetters(name))}
    </span>
  );
}
