'use client';

import { useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { deviceName } from '@/components/people/device-name';
import { PasswordForm } from '@/components/people/password-form';
import { Button } from '@/components/ui/button';
import { FieldError } from '@/components/ui/field';
import { useAddPasskey } from '@/lib/client/me-mutations';
import { browserTakesPasskeys } from '@/lib/client/passkey';
import { signInWaysQuery } from '@/lib/client/people-queries';
import type { Me } from '@/lib/protocol/person';
import { StepHead } from './step-head';

/** How to come back without a link: a passkey where browsers allow them, else a password. */
export function CredentialStep({ me, onDone }: { me: Me; onDone: () => void }) {
  const ways = useQuery(signInWaysQuery);
  const add = useAddPasskey();
  const [chosen, setChosen] = useState<'passkey' | 'password' | null>(null);
  const passkeys = ways.data?.passkey === true && browserTakesPasskeys();
  const way = chosen ?? (passkeys ? 'passkey' : 'password');
  return (
    <section aria-live="polite">
      <StepHead title={`You are in, ${me.person.name}`}>Choose how you come back: the link you used is spent.</StepHead>
      {way === 'passkey' ? (
        <>
          <Button
            variant="primary"
            size="tall"
            icon={KeyRound}
            busy={add.isPending}
            onClick={() => add.mutate({ name: deviceName(navigator.userAgent) }, { onSuccess: onDone })}
          >
            Make a passkey on this device
          </Button>
          {add.error && <FieldError>{add.error.message}</FieldError>}
        </>
      ) : (
        <PasswordForm
          asksCurrent={false}
          primary
          username={me.person.name}
          submitLabel="Set the password and go on"
          onDone={onDone}
        />
      )}
      <div className="mt-5 flex flex-wrap items-center gap-x-4 gap-y-2 border-line border-t pt-3">
        {passkeys && (
          <Button
            variant="quiet"
            className="-ml-2.5"
            onClick={() => setChosen(way === 'passkey' ? 'password' : 'passkey')}
          >
            {way === 'passkey' ? 'Use a password instead' : 'Use a passkey instead'}
          </Button>
        )}
        <Button variant="quiet" className={passkeys ? '' : '-ml-2.5'} onClick={onDone}>
          Later
        </Button>
      </div>
    </section>
  );
}
