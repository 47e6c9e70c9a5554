'use client';

import { useState } from 'react';
import { type FormErrors, formErrors, refusalErrors } from '@/components/shell/form-errors';
import { Button } from '@/components/ui/button';
import { Field, FieldError } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { useSetPassword } from '@/lib/client/me-mutations';
import { SetPassword } from '@/lib/protocol/person';

type PasswordFormProps = {
  /** There may be a password already, which the server then asks for. */
  asksCurrent: boolean;
  submitLabel: string;
  primary?: boolean;
  /** The name that one signs in with, for password managers. */
  username?: string;
  onDone: () => void;
};

/** Sets the password of the one who is signed in. */
export function PasswordForm({ asksCurrent, submitLabel, primary = false, username, onDone }: PasswordFormProps) {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [errors, setErrors] = useState<FormErrors<'password' | 'currentPassword'>>({});
  const change = useSetPassword();
  const submit = () => {
    const request = { password, ...(current === '' ? {} : { currentPassword: current }) };
    const wrong = formErrors(SetPassword, request);
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return;
    change.mutate(request, {
      onSuccess: () => {
        setCurrent('');
        setPassword('');
        onDone();
      },
      onError: (error) => setErrors(refusalErrors(error, ['password', 'currentPassword'])),
    });
  };
  return (
    <form
      noValidate
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {username !== undefined && <input type="hidden" autoComplete="username" value={username} readOnly />}
      {asksCurrent && (
        <Field label="Current password" hint="Empty, if you have none yet." error={errors.currentPassword}>
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="current-password"
              value={current}
              onChange={(event) => setCurrent(event.target.value)}
            />
          )}
        </Field>
      )}
      <Field label="New password" hint="At least 10 characters." error={errors.password}>
        {(control) => (
          <Input
            {...control}
            type="password"
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      {errors[''] && <FieldError>{errors['']}</FieldError>}
      <div>
        <Button type="submit" variant={primary ? 'primary' : 'plain'} busy={change.isPending}>
          {submitLabel}
        </Button>
      </div>
    </form>
  );
}
