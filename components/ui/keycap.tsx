'use client';

import { classNames } from './class-names';
import { keysText } from './shortcut-keys';
import { useApple } from './use-apple';

type KeycapProps = {
  /** As in `useShortcuts`: `g o`, `mod+k`, `?`. */
  keys: string;
  /** The key is the subject and not a hint: shown below 900 px too, and read out. */
  always?: boolean;
  className?: string;
};

/** The key that does the same. Inside a button it takes the button's colour. */
export function Keycap({ keys, always = false, className }: KeycapProps) {
  const apple = useApple();
  return (
    <kbd
      aria-hidden={!always || undefined}
      className={classNames(
        'h-4 min-w-4 flex-none whitespace-nowrap rounded-tile border border-b-2 border-line-strong bg-surface px-1 text-center font-sans text-[10.5px] leading-[13px] font-control text-text-2',
        'in-[.filled]:border-current/45 in-[.filled]:bg-transparent in-[.filled]:text-inherit',
        always ? 'inline-block' : 'hidden desk:inline-block',
        className,
      )}
    >
      {keysText(keys, apple)}
    </kbd>
  );
}
