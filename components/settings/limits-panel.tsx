'use client';

import { useState } from 'react';
import { type FormErrors, formErrors, refusalErrors } from '@/components/shell/form-errors';
import { Button } from '@/components/ui/button';
import { Field, FieldError } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Panel } from '@/components/ui/panel';
import { showToast } from '@/components/ui/toast';
import { useChangeSettings } from '@/lib/client/settings-mutations';
import { ChangeSettings, type RateLimits } from '@/lib/protocol/settings';

const fields = [
  { name: 'signInPerMinute', label: 'Sign-ins a minute', hint: 'From one address.' },
  { name: 'writesPerSecond', label: 'Writes a second', hint: 'With one session or key, on average.' },
  { name: 'writeBurst', label: 'Writes at once', hint: 'As long as the average holds.' },
] as const;

type Values = Record<keyof RateLimits, string>;
type Path = `limits.${keyof RateLimits}`;

const toNumber = (text: string) => (/^\d+$/.test(text.trim()) ? Number(text) : Number.NaN);

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
        signInPerMinute: toNumber(values.signInPerMinute),
        writesPerSecond: toNumber(values.writesPerSecond),
        writeBurst: toNumber(values.writeBurst),
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
    <Panel title="Limits" beside="beyond them: 429, and when to try again">
      <form
        noValidate
        className="grid gap-4 px-3 py-2.5"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div className="grid gap-4 sm:grid-cols-3">
          {fields.map(({ name, label, hint }) => (
            <Field key={name} label={label} hint={hint} error={errors[`limits.${name}`]}>
              {(control) => (
                <Input
                  {...control}
                  inputMode="numeric"
                  className="max-w-28"
                  value={values[name]}
                  onChange={(event) => setValues({ ...values, [name]: event.target.value })}
                />
              )}
            </Field>
          ))}
        </div>
        {errors[''] && <FieldError>{errors['']}</FieldError>}
        <div>
          <Button type="submit" busy={change.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Panel>
  );
}
