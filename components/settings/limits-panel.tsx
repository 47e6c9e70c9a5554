'use client';

import { useState } from 'react';
import { type FormErrors, formErrors, refusalErrors } from '@/components/shell/form-errors';
import { NumberField, toWholeNumber } from '@/components/ui/number-field';
import { showToast } from '@/components/ui/toast';
import { useChangeSettings } from '@/lib/client/settings-mutations';
import { ChangeSettings, type RateLimits } from '@/lib/protocol/settings';
import { FormPanel } from './form-panel';

const fields = [
  { name: 'signInPerMinute', label: 'Sign-ins a minute', hint: 'From one address.' },
  { name: 'writesPerSecond', label: 'Writes a second', hint: 'With one session or key, on average.' },
  { name: 'writeBurst', label: 'Writes at once', hint: 'As long as the average holds.' },
] as const;

type Values = Record<keyof RateLimits, string>;
type Path = `limits.${keyof RateLimits}`;

/** What one address may try and one key may write, before it is asked to wait. */
export function LimitsPanel({ limits }: { limits: RateLimits }) {
  const [values, setValues] = useState<Values>({
    signInPerMinute: String(limits.signInPerMinute),
    writesPerSecond: String(limits.writesPerSecond),
    writeBurst: String(limits.writeBurst),
  });
  const [errors, setErrors] = useState<FormErrors<Path>>({});
  const change = useChangeSettings();
  const submit = () => {
    const request = {
      limits: {
        signInPerMinute: toWholeNumber(values.signInPerMinute),
        writesPerSecond: toWholeNumber(values.writesPerSecond),
        writeBurst: toWholeNumber(values.writeBurst),
      },
    };
    const wrong = formErrors(ChangeSettings, request);
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return;
    change.mutate(request, {
      onSuccess: () => showToast({ text: 'The limits hold from now on.', tone: 'done' }),
      onError: (error) =>
        setErrors(
          refusalErrors(
            error,
            fields.map(({ name }) => `limits.${name}`),
          ),
        ),
    });
  };
  return (
    <FormPanel
      title="Limits"
      beside="beyond them: 429, and when to try again"
      onSubmit={submit}
      busy={change.isPending}
      error={errors['']}
    >
      <div className="grid gap-4 sm:grid-cols-3">
        {fields.map(({ name, label, hint }) => (
          <NumberField
            key={name}
            label={label}
            hint={hint}
            error={errors[`limits.${name}`]}
            value={values[name]}
            onChange={(value) => setValues({ ...values, [name]: value })}
          />
        ))}
      </div>
    </FormPanel>
  );
}
