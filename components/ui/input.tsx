'use client';

import type { ComponentProps } from 'react';
import { classNames } from './class-names';
import { keepTyped } from './keep-typed';

/** Shared look of everything one types into, but for the size of its text: of two sizes the sheet's order would choose. */
export const inputClass =
  'w-full min-w-0 rounded-control border border-line-strong bg-surface px-2 text-text text-ellipsis disabled:border-dashed disabled:text-text-3 aria-invalid:border-fail pointer-coarse:min-h-11 pointer-coarse:text-[16px]';

type InputProps = ComponentProps<'input'> & {
  /** For addresses, ids and names that machines read. */
  mono?: boolean;
};

export function Input({ mono = false, className, ...rest }: InputProps) {
  return (
    <input
      ref={keepTyped}
      {...rest}
      className={classNames(inputClass, 'h-8', mono ? 'font-mono text-mono' : 'text-ui', className)}
    />
  );
}
