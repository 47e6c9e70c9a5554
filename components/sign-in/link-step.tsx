'use client';

import Link from 'next/link';
import { useState } from 'react';
import { type FormErrors, refusalErrors } from '@/components/shell/form-errors';
import { Button } from '@/components/ui/button';
import { Field, FieldError } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { ApiError } from '@/lib/client/api';
import { useSignInByLink } from '@/lib/client/sign-in-mutations';
import type { Me } from '@/lib/protocol/person';
import { StepHead } from './step-head';

type LinkStepProps = { token: string; first: boolean; onSignedIn: (me: Me) => void };

/** The confirming click: a link that is merely looked at, by a mail program or a preview, is not spent. */
export function LinkStep({ token, first, onSignedIn }: LinkStepProps) {
  const [name, setName] = useState('');
  const [errors, setErrors] = useState<FormErrors<'name'>>({});
  const signIn = useSignInByLink();
  const isSpent = signIn.error instanceof ApiError && signIn.error.code === 'auth.link_spent'; // what helps stands below
  const submit = () =>
    signIn.mutate(
      { token, ...(first && name.trim() !== '' ? { name: name.trim() } : {}) },
      { onSuccess: onSignedIn, onError: (error) => setErrors(refusalErrors(error, ['name'])) },
    );
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setErrors({});
        submit();
      }}
    >
      <StepHead title={first ? 'Welcome to Parley' : 'Sign in to Parley'}>
        {first
          ? 'A control room for agents that talk to each other. You are the first here, and will be its admin; the link works once, for 15 minutes.'
          : 'This link signs you in, once. Then you choose how to come back without it.'}
      </StepHead>
      {first && (
        <Field
          label="Your name"
          aside="optional"
          hint="What you do is recorded under it. Without one you are called admin."
          error={errors.name}
          className="mb-5"
        >
          {(control) => (
            <Input {...control} autoComplete="name" value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
      )}
      <Button type="submit" variant="primary" size="tall" busy={signIn.isPending}>
        Sign in
      </Button>
      {errors[''] && (
        <div role="alert" className="mt-3">
          <FieldError>{isSpent ? 'This link was used already or has expired.' : errors['']}</FieldError>
          <p className="mt-2 text-pretty text-meta text-text-2">
            <code className="whitespace-nowrap font-mono text-mono">npm run parley -- sign-in-link</code> makes a new
            link, or <Link href="/sign-in">sign in another way</Link>.
          </p>
        </div>
      )}
    </form>
  );
}
