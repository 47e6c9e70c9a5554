'use client';

import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { arrowPlace } from './arrow-place';
import { classNames } from './class-names';
import { countText } from './count-text';

type Segment<Value extends string> = {
  value: Value;
  label: string;
  icon?: React.ReactNode;
  count?: number | undefined;
  disabled?: boolean;
};

type SegmentedProps<Value extends string> = {
  /** What is chosen here, for readers: `Show`, `Bob to Alice`. */
  label: string;
  value: Value;
  segments: readonly Segment<Value>[];
  onChange: (value: Value) => void;
  /** What was chosen is on its way: no other press counts. The focus stays where it is, as it would not on what is disabled. */
  busy?: boolean;
  className?: string;
};

/** One of a few, all visible. Arrow keys move, space and enter choose. Each is as wide as it is when it is chosen. */
export function Segmented<Value extends string>(props: SegmentedProps<Value>) {
  const { label, value, segments, onChange, busy = false, className } = props;
  const [focused, setFocused] = useState<Value | null>(null);
  const open = segments.filter((segment) => !segment.disabled).map((segment) => segment.value);
  const entry = [focused, value].find((candidate) => candidate !== null && open.includes(candidate)) ?? open[0];
  const group = useRef<HTMLDivElement>(null);
  // Where not all are in sight, the chosen one is; the page itself stays where it is.
  // biome-ignore lint/correctness/useExhaustiveDependencies: on another choice
  useEffect(() => {
    const chosen = group.current?.querySelector<HTMLElement>('[aria-checked=true]');
    if (!group.current || !chosen || group.current.scrollWidth <= group.current.clientWidth) return;
    group.current.scrollLeft = chosen.offsetLeft - (group.current.clientWidth - chosen.offsetWidth) / 2;
  }, [value]);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>, from: Value) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const place = arrowPlace(event.key, open.indexOf(from), open.length);
    if (place === null) return;
    event.preventDefault();
    const buttons = event.currentTarget.parentElement?.querySelectorAll<HTMLElement>('[role=radio]:not(:disabled)');
    buttons?.[place]?.focus();
  };
  return (
    <div
      ref={group}
      role="radiogroup"
      aria-label={label}
      className={classNames(
        'relative inline-flex max-w-full flex-none overflow-x-auto rounded-control border border-line-strong bg-surface [scrollbar-width:none]',
        className,
      )}
    >
      {segments.map((segment) => (
        // biome-ignore lint/a11y/useSemanticElements: a native radio is chosen by the arrow that only leads to it
        <button
          key={segment.value}
          type="button"
          role="radio"
          aria-checked={segment.value === value}
          data-state={segment.value === value ? 'on' : 'off'}
          disabled={segment.disabled}
          aria-disabled={busy || undefined}
          tabIndex={segment.value === entry ? 0 : -1}
          onFocus={() => setFocused(segment.value)}
          onBlur={() => setFocused(null)}
          onKeyDown={(event) => onKeyDown(event, segment.value)}
          onClick={() => !busy && segment.value !== value && onChange(segment.value)}
          className="inline-flex h-8 flex-none items-center gap-[5px] border-line border-r px-2 text-meta font-control text-text-3 first:rounded-l-[3px] last:rounded-r-[3px] last:border-r-0 hover:text-text focus-visible:-outline-offset-2 disabled:line-through data-[state=on]:bg-press data-[state=on]:font-strong data-[state=on]:text-text desk:h-6 pointer-coarse:h-11"
        >
          {segment.icon}
          <span
            data-label={segment.label}
            className="inline-grid after:invisible after:h-0 after:overflow-hidden after:font-strong after:content-[attr(data-label)_/_'']"
          >
            {segment.label}
          </span>
          {segment.count !== undefined && <span className="font-control text-text-3">{countText(segment.count)}</span>}
        </button>
      ))}
    </div>
  );
}
