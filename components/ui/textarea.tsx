'use client';

import type { ComponentProps } from 'react';
import { classNames } from './class-names';
import { inputClass } from './input';
import { keepTyped } from './keep-typed';

type TextareaProps = ComponentProps<'textarea'> & {
  /** For what machines read. */
  mono?: boolean;
};

/** Grows with what is typed, from `rows` on, up to 40 % of the window. */
export function Textarea({ className, rows = 3, mono = false, ...rest }: TextareaProps) {
  return (
    <textarea
      ref={keepTyped}
      rows={rows}
      {...rest}
      className={classNames(
        inputClass,
        'field-sizing-content thin-scroll block max-h-[40dvh] min-h-16 resize-y py-1.5',
        mono ? 'font-mono text-mono' : 'text-talk',
        className,
      )}
    />
  );
}
