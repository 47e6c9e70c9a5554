'use client';

import { Check } from 'lucide-react';
import { Checkbox as Radix } from 'radix-ui';

type CheckboxProps = {
  id?: string;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
  /** The name for readers, where no `<label htmlFor>` stands beside it. */
  label?: string;
};

export const Checkbox = ({ id, checked, disabled = false, onChange, label }: CheckboxProps) => (
  <Radix.Root
    id={id}
    aria-label={label}
    checked={checked}
    disabled={disabled}
    onCheckedChange={(next) => onChange(next === true)}
    className="grid size-4 flex-none place-items-center rounded-tile border border-text-3 bg-surface text-text-inverse disabled:border-dashed data-[state=checked]:border-ink data-[state=checked]:bg-ink"
  >
    <Radix.Indicator>
      <Check aria-hidden="true" size={12} strokeWidth={2.5} />
    </Radix.Indicator>
  </Radix.Root>
);
