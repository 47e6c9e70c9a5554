'use client';

import type { LucideIcon } from 'lucide-react';
import { type ComponentProps, cloneElement, isValidElement, type Ref } from 'react';
import { type ButtonSize, type ButtonVariant, buttonClass } from './button-class';
import { classNames } from './class-names';
import { Keycap } from './keycap';
import { ariaKeys } from './shortcut-keys';

type ButtonProps = ComponentProps<'button'> & {
  variant?: ButtonVariant;
  size?: ButtonSize;
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
  if (asChild)
    return isValidElement<{ className?: string }>(children)
      ? cloneElement(children, { className: classNames(look, children.props.className) })
      : null;
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
