'use client';

import { ToggleGroup } from 'radix-ui';
import { classNames } from './class-names';

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
  disabled?: boolean;
  className?: string;
};

/** One of a few, all visible. Arrow keys move, space and enter choose. */
export function Segmented<Value extends string>(props: SegmentedProps<Value>) {
  const { label, value, segments, onChange, disabled = false, className } = props;
  const choose = (next: string) => {
    const segment = segments.find((candidate) => candidate.value === next);
    if (segment) onChange(segment.value);
  };
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value}
      onValueChange={choose}
      disabled={disabled}
      className={classNames(
        'inline-flex max-w-full flex-none overflow-x-auto rounded-control border border-line-strong bg-surface [scrollbar-width:none]',
        className,
      )}
    >
      {segments.map((segment) => (
        <ToggleGroup.Item
          key={segment.value}
          value={segment.value}
          disabled={segment.disabled ?? false}
          className="inline-flex h-8 flex-none items-center gap-[5px] border-line border-r px-2 text-meta font-control text-text-3 first:rounded-l-[3px] last:rounded-r-[3px] last:border-r-0 hover:text-text focus-visible:-outline-offset-2 disabled:line-through data-[state=on]:bg-press data-[state=on]:font-strong data-[state=on]:text-text desk:h-6 pointer-coarse:h-11"
        >
          {segment.icon}
          {segment.label}
          {segment.count !== undefined && <span className="font-control text-text-3">{segment.count}</span>}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
