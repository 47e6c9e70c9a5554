'use client';

import { useId } from 'react';
import { Checkbox } from './checkbox';

type TickFieldProps = { checked: boolean; onChange: (checked: boolean) => void; children: React.ReactNode };

/** A box to tick and the words beside it, which tick it as well. */
export function TickField({ checked, onChange, children }: TickFieldProps) {
  const id = useId();
  return (
    <label htmlFor={id} className="flex min-h-6 min-w-0 items-center gap-2 pointer-coarse:min-h-11">
      <Checkbox id={id} checked={checked} onChange={onChange} />
      <span className="min-w-0 truncate">{children}</span>
    </label>
  );
}
