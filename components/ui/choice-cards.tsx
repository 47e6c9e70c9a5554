'use client';

import { RadioGroup } from 'radix-ui';
import { useId } from 'react';
import { classNames } from './class-names';

type Choice<Value extends string> = { value: Value; label: string; detail: string };

type ChoiceCardsProps<Value extends string> = {
  label: string;
  value: Value;
  choices: readonly Choice<Value>[];
  onChange: (value: Value) => void;
  columns?: 'two' | 'one';
  disabled?: boolean;
};

/** One of a few that need a line of explanation each. */
export function ChoiceCards<Value extends string>(props: ChoiceCardsProps<Value>) {
  const { label, value, choices, onChange, columns = 'two', disabled = false } = props;
  const id = useId();
  return (
    <div>
      <div id={id} className="mb-1 font-name text-ui">
        {label}
      </div>
      <RadioGroup.Root
        aria-labelledby={id}
        value={value}
        disabled={disabled}
        onValueChange={(next) => {
          const choice = choices.find((candidate) => candidate.value === next);
          if (choice) onChange(choice.value);
        }}
        className={classNames(
          'grid rounded-control border border-line-strong bg-surface',
          columns === 'two' ? 'grid-cols-2' : 'grid-cols-1',
        )}
      >
        {choices.map((choice) => (
          <RadioGroup.Item
            key={choice.value}
            value={choice.value}
            className={classNames(
              columns === 'two' ? 'not-first:border-l' : 'not-first:border-t',
              'group border-line flex items-start gap-2 px-2.5 py-2 text-left hover:bg-hover focus-visible:-outline-offset-2',
            )}
          >
            <span className="mt-[3px] size-3.5 flex-none rounded-round border border-text-3 bg-surface group-data-[state=checked]:border-4 group-data-[state=checked]:border-ink" />
            <span className="grid min-w-0 content-start">
              <span className="font-name text-ui text-text">{choice.label}</span>
              <span className="text-meta text-text-2">{choice.detail}</span>
            </span>
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
    </div>
  );
}
