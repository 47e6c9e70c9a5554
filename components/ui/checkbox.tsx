'use client';

import { Check } from 'lucide-react';

type CheckboxProps = {
  id?: string;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
  /** The name for readers, where no `<label htmlFor>` stands beside it. */
  label?: string;
  /** Ids of its name and of what else is to be known of it, where the `<label>` holds both. */
  labelledBy?: string;
  describedBy?: string;
};

export const Checkbox = ({ id, checked, disabled = false, onChange, label, ...by }: CheckboxProps) => (
  // biome-ignore lint/a11y/useSemanticElements: the platform's own cannot be drawn as ours without a second element
  <button
    type="button"
    role="checkbox"
    id={id}
    aria-label={label}
    aria-labelledby={by.labelledBy}
    aria-describedby={by.describedBy}
    aria-checked={checked}
    data-state={checked ? 'checked' : 'unchecked'}
    disabled={disabled}
    onClick={() => onChange(!checked)}
    onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()} // as the platform's own: only space checks
    className="grid size-4 flex-none place-items-center pointer-coarse:relative pointer-coarse:after:absolute pointer-coarse:after:-inset-3.5 rounded-tile border border-text-3 bg-surface text-text-inverse disabled:border-dashed data-[state=checked]:border-ink data-[state=checked]:bg-ink"
  >
    {checked && <Check aria-hidden="true" size={12} strokeWidth={2.5} />}
  </button>
);
