'use client';

import { LogOut, TimerReset } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { withHiddenWrittenOut } from '@/components/ui/hidden-characters';
import { HostileText } from '@/components/ui/hostile-text';
import { lazyModule } from '@/components/ui/lazy-module';
import { LazyPart } from '@/components/ui/lazy-part';
import { StateBadge } from '@/components/ui/state-badge';
import { showToast } from '@/components/ui/toast';
import { useCaller, useMay } from '@/lib/client/caller';
import { useTakeSeat } from '@/lib/client/seat-mutations';
import type { Seat } from '@/lib/protocol/conversation';
import { LEASE_SECONDS } from './lease-seconds';
import { seatHeadClass } from './seat-head-class';
import { SeatLease } from './seat-lease';
import { SeatTile } from './seat-tile';
import { useStage } from './stage-context';

const handingBack = lazyModule(() => import('./hand-back-dialog'));

type HeldSeatHeadProps = { conversationId: string; seat: Seat; holder: NonNullable<Seat['holder']> };

/** The head of a seat in which a person sits in its agent's place: who, how long still, and the way out. */
export function HeldSeatHead({ conversationId, seat, holder }: HeldSeatHeadProps) {
  const { mayAct } = useStage();
  const take = useTakeSeat(conversationId);
  const [asks, setAsks] = useState(false);
  const isMine = useCaller().id === holder.personId;
  const mayHandBack = useMay('admin') || isMine;
  const name = withHiddenWrittenOut(seat.name);
  const extend = () =>
    take.mutate(
      { seat: seat.id, leaseSeconds: LEASE_SECONDS },
      { onError: (error) => showToast({ text: `The lease was not extended: ${error.message}`, tone: 'fail' }) },
    );
  return (
    <div className={`seat-human ${seatHeadClass}`}>
      <SeatTile seat={seat.id} size="large" />
      <div className="grid min-w-0 gap-0.5">
        <div className="flex min-w-0 items-center gap-2">
          <h2 className="min-w-8 max-w-48 flex-none truncate max-desk:max-w-24 font-strong text-talk">
            <Link href={`/agents/${encodeURIComponent(seat.agentId)}`} className="no-underline hover:underline">
              <HostileText text={seat.name} wrap={false} />
            </Link>
          </h2>
          <StateBadge state="taken_over" word={`${withHiddenWrittenOut(holder.name)} speaks`} />
        </div>
        <SeatLease until={holder.until} />
      </div>
      {mayAct && (
        <span className="ml-auto flex flex-none items-center gap-2">
          {isMine && (
            <Button
              size="small"
              icon={TimerReset}
              title="Stay ten minutes from now on"
              busy={take.isPending}
              onClick={extend}
            >
              <span className="max-wide:sr-only">Extend</span>
            </Button>
          )}
          {mayHandBack && (
            <Button
              size="small"
              variant={isMine ? 'human' : 'plain'}
              icon={LogOut}
              title="Hand back"
              onClick={() => setAsks(true)}
            >
              <span className="desk:max-wide:sr-only">Hand back</span>
            </Button>
          )}
        </span>
      )}
      <LazyPart part={handingBack} when={asks} onFailure={() => setAsks(false)}>
        {({ HandBackDialog }) => (
          <HandBackDialog conversationId={conversationId} seat={seat} name={name} onClose={() => setAsks(false)} />
        )}
      </LazyPart>
    </div>
  );
}
