'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { HostileText } from '@/components/ui/hostile-text';
import { reasonOf } from '@/components/ui/reason-of';
import { StateShape } from '@/components/ui/state-shape';
import { type CrossingState, crossingReason } from '@/lib/domain/transcript/crossing';
import { type CrossingEnd, isStuck, receiverName } from './crossing-end';
import { Route } from './route';
import { useStage } from './stage-context';

const words: Partial<Record<CrossingState, string>> = {
  failed: 'Not delivered',
  outcome_unknown: 'Outcome unknown',
  refused: 'Refused',
  dropped: 'Given up',
};

/** In the channel, level with the message: why it went no further, and what a person can do about it. */
export function CrossingCard({ end, shown }: { end: CrossingEnd; shown: readonly string[] }) {
  const { who, mayAct } = useStage();
  const { crossing, state } = end;
  const word = words[state];
  if (!word) return null;
  const reason = crossingReason(crossing);
  const open = isStuck(end);
  return (
    <section
      data-card={crossing.id}
      aria-label={`${word}: message to ${receiverName(crossing, who)}`}
      className={`relative z-1 mt-[27px] mb-2 rounded-card border bg-raised ${open ? 'border-fail' : 'border-line-strong'}`}
    >
      <header className="flex h-9 items-center gap-2 whitespace-nowrap px-3">
        <Route crossing={crossing} shown={shown} size="regular" />
        <b className="min-w-0 truncate font-name">{word}</b>
        <StateShape shape={open ? 'octagon' : 'slashed-ring'} className="ml-auto size-3 flex-none" />
      </header>
      {reason && (
        <p className="border-line border-t px-3 py-2 text-meta text-text-2 first-letter:uppercase">
          <HostileText text={reason} />
        </p>
      )}
      {open && mayAct && <SettleButtons conveyanceId={crossing.id} unknown={state === 'outcome_unknown'} />}
    </section>
  );
}

/** Retry and give up; what the server answers to them comes as entries, a refusal is said here. */
export function SettleButtons({ conveyanceId, unknown }: { conveyanceId: string; unknown: boolean }) {
  const { settle } = useStage();
  const [busy, setBusy] = useState<'retry' | 'drop' | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const act = (action: 'retry' | 'drop') => {
    setBusy(action);
    setFailure(null);
    settle(conveyanceId, action)
      .catch((error: unknown) => setFailure(reasonOf(error)))
      .finally(() => setBusy(null));
  };
  return (
    <div className="grid gap-1.5 border-line border-t p-2">
      {unknown && (
        <p className="px-1 text-meta text-text-2">It may have arrived already. Trying again may deliver it twice.</p>
      )}
      <div className="grid grid-cols-2 gap-1.5">
        <Button busy={busy === 'retry'} onClick={() => act('retry')}>
          Retry
        </Button>
        <Button busy={busy === 'drop'} onClick={() => act('drop')}>
          Give up
        </Button>
      </div>
      <p role="alert" className="px-1 text-meta text-fail-text empty:hidden">
        {failure}
      </p>
    </div>
  );
}
