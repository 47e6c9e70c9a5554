'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { roleWords } from '@/components/people/role-words';
import { type FormErrors, formErrors, refusalErrors } from '@/components/shell/form-errors';
import { Button } from '@/components/ui/button';
import { Field, FieldError } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Skeleton } from '@/components/ui/skeleton';
import { invitationOfferQuery } from '@/lib/client/people-queries';
import { useJoin } from '@/lib/client/sign-in-mutations';
import type { Me } from '@/lib/protocol/person';
import { type InvitationOffer, JoinByInvitation } from '@/lib/protocol/sign-in';
import { StepHead } from './step-head';

/** Says what the invitation offers, and joins. */
export function JoinStep({ token, onJoined }: { token: string; onJoined: (me: Me) => void }) {
  const offer = useQuery(invitationOfferQuery(token));
  if (offer.isPending) {
    return (
      <div role="status" aria-label="Loading the invitation" className="grid gap-3">
        <Skeleton className="h-7 w-48" />
        <Skeleton className="h-5 w-full" />
        <Skeleton className="h-8 w-full" />
      </div>
    );
  }
  if (!offer.data) {
    return (
      <div role="alert">
        <StepHead title="This invitation does not work">{offer.error.message}</StepHead>
        <p className="text-text-2">
          Ask whoever invited you for another, or <Link href="/sign-in">sign in</Link> if you have joined already.
        </p>
      </div>
    );
  }
  return <JoinForm token={token} offer={offer.data} onJoined={onJoined} />;
}

type JoinFormProps = { token: string; offer: InvitationOffer; onJoined: (me: Me) => void };

function JoinForm({ token, offer, onJoined }: JoinFormProps) {
  const [name, setName] = useState('');
  const [errors, setErrors] = useState<FormErrors<'name'>>({});
  const join = useJoin();
  const submit = () => {
    const request = { token, ...(offer.name === null ? { name } : {}) };
    const wrong = formErrors(JoinByInvitation, request);
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return;
    join.mutate(JoinByInvitation.parse(request), {
      onSuccess: onJoined,
      onError: (error) => setErrors(refusalErrors(error, ['name'])),
    });
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <StepHead title={offer.name === null ? 'Join Parley' : `Welcome, ${offer.name}`}>
        You are invited as {offer.role}: {roleWords[offer.role]}.
      </StepHead>
      {offer.name === null && (
        <Field
          label="Your name"
          hint="You sign in with it; what you do is recorded under it."
          error={errors.name}
          className="mb-5"
        >
          {(control) => (
            <Input {...control} autoComplete="name" value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
      )}
      <Button type="submit" variant="primary" size="tall" busy={join.isPending}>
        Join
      </Button>
      <div aria-live="polite">{errors[''] && <FieldError>{errors['']}</FieldError>}</div>
    </form>
  );
}
