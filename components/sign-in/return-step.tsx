'use client';

import { useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { type FormErrors, refusalErrors } from '@/components/shell/form-errors';
import { Button } from '@/components/ui/button';
import { Field, FieldError } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { browserTakesPasskeys, PasskeyError } from '@/lib/client/passkey';
import { signInWaysQuery } from '@/lib/client/people-queries';
import { useSignInByPasskey, useSignInByPassword } from '@/lib/client/sign-in-mutations';
import type { Me } from '@/lib/protocol/person';
import { StepHead } from './step-head';

/** Coming back: by passkey, or by name and password. */
export function ReturnStep({ first, onSignedIn }: { first: boolean; onSignedIn: (me: Me) => void }) {
  const ways = useQuery(signInWaysQuery);
  const byPasskey = useSignInByPasskey();
  const passkeys = ways.data?.passkey === true && browserTakesPasskeys();
  const refused = byPasskey.error && !(byPasskey.error instanceof PasskeyError && byPasskey.error.cancelled);
  if (first) {
    return (
      <StepHead title="Nobody is here yet">
        Parley printed a sign-in link when it started.{' '}
        <code className="whitespace-nowrap font-mono text-mono">npm run parley -- sign-in-link</code> makes another.
      </StepHead>
    );
  }
  return (
    <>
      <StepHead title="Sign in to Parley">
        Without a passkey or password,{' '}
        <code className="whitespace-nowrap font-mono text-mono">npm run parley -- sign-in-link</code> makes a link.
      </StepHead>
      {passkeys && (
        <div className="mb-5 border-line border-b pb-5">
          <Button
            variant="primary"
            size="tall"
            icon={KeyRound}
            busy={byPasskey.isPending}
            onClick={() => byPasskey.mutate(null, { onSuccess: onSignedIn })}
          >
            Sign in with a passkey
          </Button>
          <div aria-live="polite">{refused && <FieldError>{byPasskey.error.message}</FieldError>}</div>
        </div>
      )}
      <PasswordSignIn primary={!passkeys} onSignedIn={onSignedIn} />
    </>
  );
}

function PasswordSignIn({ primary, onSignedIn }: { primary: boolean; onSignedIn: (me: Me) => void }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [errors, setErrors] = useState<FormErrors<'name' | 'password'>>({});
  const signIn = useSignInByPassword();
  const submit = () => {
    const wrong: typeof errors = {
      ...(name.trim() === '' ? { name: 'The name you are known by here.' } : {}),
      ...(password === '' ? { password: 'Your password.' } : {}),
    };
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return;
    signIn.mutate(
      { name: name.trim(), password },
      { onSuccess: onSignedIn, onError: (error) => setErrors(refusalErrors(error, ['name', 'password'])) },
    );
  };
  return (
    <form
      noValidate
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Field label="Name" error={errors.name}>
        {(control) => (
          <Input {...control} autoComplete="username" value={name} onChange={(event) => setName(event.target.value)} />
        )}
      </Field>
      <Field label="Password" error={errors.password}>
        {(control) => (
          <Input
            {...control}
            type="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <div>
        <Button type="submit" size="tall" variant={primary ? 'primary' : 'plain'} busy={signIn.isPending}>
          Sign in
        </Button>
        <div aria-live="polite">{errors[''] && <FieldError>{errors['']}</FieldError>}</div>
      </div>
    </form>
  );
}
