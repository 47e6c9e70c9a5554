'use client';

import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';
import { type ButtonVariant, buttonClass } from './button-class';
import { classNames } from './class-names';
import { Tooltip } from './tooltip';

type IconButtonProps = Omit<ComponentProps<'button'>, 'children'> & {
  icon: LucideIcon;
  /** What it does, in words: its name for readers and its tooltip. */
  label: string;
  keys?: string;
  variant?: ButtonVariant;
  size?: 'regular' | 'small';
};

/** A control without room for its word. Not for what cannot be undone: that gets a word. */
export function IconButton({
  icon: Icon,
  label,
  keys,
  variant = 'quiet',
  size = 'regular',
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip label={label} {...(keys === undefined ? {} : { keys })}>
      <button
        type="button"
        aria-label={label}
        {...rest}
        className={classNames(buttonClass(variant, size === 'small' ? 'small-icon' : 'icon'), className)}
      >
        <Icon aria-hidden="true" size={size === 'small' ? 14 : 16} strokeWidth={1.5} />
      </button>
    </Tooltip>
  );
}
