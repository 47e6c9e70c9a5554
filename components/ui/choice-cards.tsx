'use client';

import { type KeyboardEvent, useId } from 'react';
import { arrowPlace } from './arrow-place';
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

/** One of a few that need a line of explanation each. Arrow keys choose, as among the platform's radio buttons. */
export function ChoiceCards<Value extends string>(props: ChoiceCardsProps<Value>) {
  const { label, value, choices, onChange, columns = 'two', disabled = false } = props;
  const id = useId();
  const place = choices.findIndex((choice) => choice.value === value);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>, from: number) => {
    const to = arrowPlace(event.key, from, choices.length);
    const choice = to === null ? undefined : choices[to];
    if (!choice) return;
    event.preventDefault();
    event.currentTarget.parentElement?.querySelectorAll<HTMLElement>('[role=radio]')[to ?? 0]?.focus();
    onChange(choice.value);
  };
  return (
    <div>
      <div id={id} className="mb-1 font-name text-ui">
        {label}
      </div>
      <div
        role="radiogroup"
        aria-labelledby={id}
        className={classNames(
          'grid rounded-control border border-line-strong bg-surface',
          columns === 'two' ? 'grid-cols-2' : 'grid-cols-1',
        )}
      >
        {choices.map((choice, index) => (
          // biome-ignore lint/a11y/useSemanticElements: it is a whole card, with two lines in it
          <button
            key={choice.value}
            type="button"
            role="radio"
            aria-checked={choice.value === value}
            aria-labelledby={`${id}-${choice.value}`}
            aria-describedby={`${id}-${choice.value}-detail`}
            data-state={choice.value === value ? 'checked' : 'unchecked'}
            disabled={disabled}
            tabIndex={index === Math.max(0, place) ? 0 : -1}
            onClick={() => choice.value !== value && onChange(choice.value)}
            onKeyDown={(event) => onKeyDown(event, index)}
            className={classNames(
              columns === 'two' ? 'not-first:border-l' : 'not-first:border-t',
              'group border-line flex items-start gap-2 px-2.5 py-2 text-left hover:bg-hover focus-visible:-outline-offset-2',
            )}
          >
            <span className="mt-[3px] size-3.5 flex-none rounded-round border border-text-3 bg-surface group-data-[state=checked]:border-4 group-data-[state=checked]:border-ink" />
            <span className="grid min-w-0 content-start">
              <span id={`${id}-${choice.value}`} className="font-name text-ui text-text">
                {choice.label}
              </span>
              <span id={`${id}-${choice.value}-detail`} className="text-meta text-text-2">
                {choice.detail}
              </span>
            </span>
          </button>
        ))}
      </div>
    </div>
  );
}
