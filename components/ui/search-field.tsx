'use client';

import { Search } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { keepTyped } from './keep-typed';
import { Keycap } from './keycap';
import { useShortcuts } from './use-shortcuts';

type SearchFieldProps = {
  /** Under which its key stands in the sheet of all shortcuts. */
  group: string;
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
};

/** Narrows a list. `/` goes to it, escape empties it and leaves. */
export function SearchField({ group, label, placeholder, value, onChange }: SearchFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => keepTyped(field.current), []);
  useShortcuts(group, [{ keys: '/', label, run: () => field.current?.select() }]);
  return (
    <span className="relative flex min-w-24 flex-1 items-center desk:max-w-[280px]">
      <Search
        aria-hidden="true"
        size={14}
        strokeWidth={1.5}
        className="pointer-events-none absolute left-2 text-text-3"
      />
      <input
        ref={field}
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          onChange('');
          event.currentTarget.blur();
        }}
        className="h-[34px] w-full min-w-0 rounded-control border border-line-strong bg-surface text-ellipsis pr-7 pl-7 text-meta desk:h-[26px] pointer-coarse:h-11 pointer-coarse:text-[16px]"
      />
      {value === '' && <Keycap keys="/" className="pointer-events-none absolute right-1.5" />}
    </span>
  );
}
