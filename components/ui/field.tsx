'use client';

import { useId } from 'react';
import { classNames } from './class-names';
import { StateShape } from './state-shape';

/** What a control within a field must carry, so that its label, hint and error belong to it. */
type FieldControl = {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
};

type FieldProps = {
  label: string;
  /** At the end of the label's line: `kept encrypted on this server`. */
  aside?: React.ReactNode;
  /** Under the control, while nothing is wrong. */
  hint?: React.ReactNode;
  /** What is wrong and what would be right; announced when it appears. */
  error?: string | undefined;
  className?: string;
  children: (control: FieldControl) => React.ReactNode;
};

/** Label, control, and under it the hint or what is wrong with it. */
export function Field({ label, aside, hint, error, className, children }: FieldProps) {
  const id = useId();
  const below = error ? `${id}-error` : hint ? `${id}-hint` : undefined;
  return (
    <div className={classNames('min-w-0', className)}>
      <div className="mb-1 flex flex-wrap items-baseline justify-between gap-x-3">
        <label htmlFor={id} className="font-name text-ui">
          {label}
        </label>
        {aside && <span className="text-meta text-text-3">{aside}</span>}
      </div>
      {children({ id, 'aria-describedby': below, 'aria-invalid': error ? true : undefined })}
      <div aria-live="polite">{error && <FieldError id={`${id}-error`}>{error}</FieldError>}</div>
      {hint && !error && (
        <p id={`${id}-hint`} className="mt-1.5 text-meta text-text-2">
          {hint}
        </p>
      )}
    </div>
  );
}

/** The line under a control that says what is wrong; also for errors that belong to no single control. */
export const FieldError = ({ id, children }: { id?: string; children: React.ReactNode }) => (
  <p id={id} className="mt-1.5 flex items-start gap-1.5 text-meta text-fail-text">
    <StateShape shape="octagon" className="mt-0.5 size-3 flex-none" />
    <span className="min-w-0 [overflow-wrap:anywhere] first-letter:uppercase block">{children}</span>
  </p>
);
