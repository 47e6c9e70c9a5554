'use client';

import { useQuery } from '@tanstack/react-query';
import { Unplug } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { useCallback } from 'react';
import { Button } from '@/components/ui/button';
import { buttonClass } from '@/components/ui/button-class';
import { useClockText } from '@/components/ui/relative-time';
import { relativeTimeText } from '@/components/ui/relative-time-text';
import { sinceText } from '@/components/ui/since-text';
import { healthQuery } from '@/lib/client/health-query';
import { reconnectNow, useConnection } from '@/lib/client/live-connection';

/** Above the page while what it shows may be old, or while nothing can be recorded. Empty when all is well. */
export function ConnectionBanner() {
  const connection = useConnection();
  const health = useQuery({ ...healthQuery, refetchInterval: 15_000 });
  if (connection.state === 'stale' || connection.state === 'offline') {
    return <StaleBanner lastBeatAt={connection.lastBeatAt} reason={connection.reason} />;
  }
  if (connection.state === 'refused') {
    return (
      <Banner action={<SignInAgain />}>
        <b className="font-strong">The live connection was refused.</b> {connection.reason ?? 'Sign in again.'}
      </Banner>
    );
  }
  if (health.data?.status !== 'degraded') return null;
  return (
    <Banner>
      <b className="font-strong">Parley cannot record anything just now.</b> Nothing is accepted until its database
      takes entries again; it goes on by itself.
    </Banner>
  );
}

/** A link that loads the page of signing in anew, and leads back here. */
function SignInAgain() {
  const path = usePathname();
  return (
    <a href={`/sign-in?next=${encodeURIComponent(path)}`} className={buttonClass('plain', 'small')}>
      Sign in
    </a>
  );
}

function StaleBanner({ lastBeatAt, reason }: { lastBeatAt: number | null; reason: string | undefined }) {
  const since = useClockText(
    useCallback((now) => (lastBeatAt === null ? '' : silenceText(lastBeatAt, now)), [lastBeatAt]),
  );
  return (
    <Banner
      action={
        <Button size="small" onClick={reconnectNow}>
          Now
        </Button>
      }
    >
      <b className="font-strong">{since ? `No beat for ${since}.` : 'Not connected.'}</b>{' '}
      {lastBeatAt !== null && `You see the state of ${sinceText(lastBeatAt, Date.now())}. `}
      Reconnecting{reason ? `: ${reason.replace(/\.$/, '')}` : ''}.
    </Banner>
  );
}

/** `14 s`, then as coarse as other times: a laptop may have slept for days. */
const silenceText = (since: number, now: number): string =>
  now - since < 60_000 ? `${Math.max(0, Math.round((now - since) / 1_000))} s` : relativeTimeText(since, now);

const Banner = ({ action, children }: { action?: React.ReactNode; children: React.ReactNode }) => (
  <div
    role="status"
    className="flex flex-none items-center gap-2.5 border-wait-line border-b bg-wait-wash py-1.5 pr-1.5 pl-3"
  >
    <Unplug aria-hidden="true" size={16} strokeWidth={1.5} className="flex-none" />
    <p className="min-w-0 flex-1">{children}</p>
    {action}
  </div>
);
