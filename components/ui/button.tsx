'use client';

import type { LucideIcon } from 'lucide-react';
import { Slot } from 'radix-ui';
import type { ComponentProps, Ref } from 'react';
import { classNames } from './class-names';
import { Keycap } from './keycap';
import { ariaKeys } from './shortcut-keys';

const variants = {
  plain: 'border-line-strong bg-surface text-text hover:bg-hover',
  primary: 'filled border-ink bg-ink text-text-inverse',
  human: 'filled border-human bg-human text-surface',
  danger: 'border-fail bg-surface text-fail-text hover:bg-fail-wash',
  quiet: 'border-transparent bg-transparent text-text-2 hover:bg-hover hover:text-text',
} as const;

const sizes = {
  regular: 'h-7 px-2.5 text-ui',
  small: 'h-6 px-2 text-meta',
  tall: 'h-8 px-3 text-ui',
  icon: 'size-7',
  'small-icon': 'size-6',
} as const;

export type ButtonVariant = keyof typeof variants;

/** Look of a control, for what is not a `<button>`. Pressed: sunken. Disabled: dashed, never grey on grey. */
export const buttonClass = (variant: ButtonVariant = 'plain', size: keyof typeof sizes = 'regular'): string =>
  classNames(
    'inline-flex flex-none items-center justify-center gap-1.5 whitespace-nowrap rounded-control border font-control no-underline select-none',
    'aria-pressed:bg-press disabled:border-line-strong disabled:border-dashed disabled:bg-transparent disabled:text-text-3',
    'pointer-coarse:min-h-11 pointer-coarse:min-w-11',
    sizes[size],
    variants[variant],
  );

type ButtonProps = ComponentProps<'button'> & {
  variant?: ButtonVariant;
  size?: keyof typeof sizes;
  icon?: LucideIcon;
  /** The key that does the same, shown at the button's end; the handler belongs to `useShortcuts`. */
  keys?: string;
  /** Something is under way: the button says so by `aria-busy` and takes no second press. */
  busy?: boolean;
  /** Draws the one child (a link) as a button. */
  asChild?: boolean;
  ref?: Ref<HTMLButtonElement>;
};

/** One control. One `primary` in a view; `danger` only where a word says what is lost. */
export function Button(props: ButtonProps) {
  const {
    variant,
    size,
    icon: Icon,
    keys,
    busy = false,
    asChild = false,
    className,
    children,
    onClick,
    ...rest
  } = props;
  const look = classNames(buttonClass(variant, size), className);
  if (asChild) return <Slot.Root className={look}>{children}</Slot.Root>;
  return (
    <button
      type="button"
      {...rest}
      aria-keyshortcuts={keys && ariaKeys(keys)}
      aria-busy={busy || undefined}
      aria-disabled={busy || rest['aria-disabled']}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={look}
    >
      {Icon && <Icon aria-hidden="true" size={14} strokeWidth={1.5} className="flex-none" />}
      {children}
      {keys && <Keycap keys={keys} className="-mr-1 ml-1" />}
    </button>
  );
}
