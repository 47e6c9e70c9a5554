'use client';

import '@/lib/client/schemas-at-hand';
import { useState } from 'react';
import { Mark } from '@/components/shell/mark';
import type { Me } from '@/lib/protocol/person';
import { CredentialStep } from './credential-step';
import { JoinStep } from './join-step';
import { LinkStep } from './link-step';
import { ReturnStep } from './return-step';

type SignInProps = {
  token: string | undefined;
  invitation: string | undefined;
  next: string;
  /** Nobody has ever signed in. */
  first: boolean;
};

/** The way in: by link or invitation and then a way to come back, or again by passkey or password. */
export function SignIn({ token, invitation, next, first }: SignInProps) {
  const [me, setMe] = useState<Me | null>(null);
  const enter = () => window.location.assign(next);
  const cameIn = (who: Me) => {
    if (!who.needsCredential) return enter();
    window.history.replaceState(null, '', '/sign-in'); // the token is spent: out of the address and the history
    setMe(who);
  };
  return (
    <main id="content" className="min-h-dvh px-4 py-6 desk:pt-[14dvh]">
      <div className="mx-auto w-full max-w-[400px]">
        <div className="mb-6 flex items-center gap-2.5 font-strong text-title tracking-[-0.01em]">
          <Mark />
          Parley
        </div>
        {me ? (
          <CredentialStep me={me} onDone={enter} />
        ) : token !== undefined ? (
          <LinkStep token={token} first={first} onSignedIn={cameIn} />
        ) : invitation !== undefined ? (
          <JoinStep token={invitation} onJoined={cameIn} />
        ) : (
          <ReturnStep first={first} onSignedIn={cameIn} />
        )}
      </div>
    </main>
  );
}
