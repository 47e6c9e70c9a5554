'use client';

import { ChevronDown } from 'lucide-react';
import type { ComponentProps } from 'react';
import { classNames } from './class-names';
import { inputClass } from './input';

/** One of a known list, by the platform's own picker: it works with every reader, thumb and keyboard. */
export function Select({ className, children, ...rest }: ComponentProps<'select'>) {
  return (
    <span className={classNames('relative block', className)}>
      <select {...rest} className={classNames(inputClass, 'h-8 appearance-none truncate pr-7 text-ui')}>
        {children}
      </select>
      <ChevronDown
        aria-hidden="true"
        size={14}
        strokeWidth={1.5}
        className="pointer-events-none absolute inset-y-0 right-2 my-auto text-text-3"
      />
    </span>
  );
}
