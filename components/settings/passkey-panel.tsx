'use client';

import { useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { deviceName } from '@/components/people/device-name';
import { Button } from '@/components/ui/button';
import { LoadFailed } from '@/components/ui/load-failed';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { tellFailed } from '@/components/ui/tell-failed';
import { useAddPasskey, useRemovePasskey } from '@/lib/client/me-mutations';
import { browserTakesPasskeys, PasskeyError } from '@/lib/client/passkey';
import { passkeysQuery, signInWaysQuery } from '@/lib/client/people-queries';

/** The devices that sign one in. */
export function PasskeyPanel() {
  const passkeys = useQuery(passkeysQuery);
  const ways = useQuery(signInWaysQuery);
  const add = useAddPasskey();
  const remove = useRemovePasskey();
  const failed = (error: Error) => {
    if (!(error instanceof PasskeyError && error.cancelled)) tellFailed(error);
  };
  const possible = ways.data?.passkey === true && browserTakesPasskeys();
  return (
    <Panel
      title="Passkeys"
      beside="sign in with this device, without a password"
      end={
        possible && (
          <Button
            size="small"
            icon={KeyRound}
            busy={add.isPending}
            onClick={() => add.mutate({ name: deviceName(navigator.userAgent) }, { onError: failed })}
          >
            Add this device
          </Button>
        )
      }
    >
      <LoadFailed what="The passkeys" query={passkeys} />
      {passkeys.data?.items.length === 0 && (
        <p className="px-3 py-2.5 text-pretty text-text-2">
          {possible
            ? 'There is none yet.'
            : 'Passkeys need https, or localhost. At this address a password is the way back.'}
        </p>
      )}
      <ul>
        {passkeys.data?.items.map((passkey) => (
          <li
            key={passkey.id}
            className="flex min-h-11 items-center gap-3 border-line border-t px-3 py-1.5 first:border-t-0"
          >
            <span className="min-w-0 flex-1 truncate">
              <span className="font-control">{passkey.name}</span>{' '}
              <span className="text-meta text-text-3">
                since <RelativeTime at={passkey.createdAt} />
              </span>
            </span>
            <Button
              size="small"
              variant="danger"
              busy={remove.isPending}
              onClick={() => remove.mutate(passkey.id, { onError: failed })}
            >
              Remove
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
