import type { ComponentProps } from 'react';
import { classNames } from './class-names';

/** A control that looks like words, for what stands within a text or under it. */
export const TextButton = ({ className, ...rest }: ComponentProps<'button'>) => (
  <button
    type="button"
    {...rest}
    className={classNames(
      'text-meta text-text-2 underline decoration-line-strong underline-offset-3 hover:decoration-current pointer-coarse:min-h-11',
      className,
    )}
  />
);
