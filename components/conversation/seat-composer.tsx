'use client';

import { useEffect } from 'react';
import { withHiddenWrittenOut } from '@/components/ui/hidden-characters';
import { useKeptText } from '@/components/ui/kept-text';
import { lazyModule } from '@/components/ui/lazy-module';
import { useStore } from '@/components/ui/store';
import { tellNotLoaded } from '@/components/ui/tell-not-loaded';
import { useCaller } from '@/lib/client/caller';
import { useSpeak } from '@/lib/client/conversation-live';
import { seatNow } from '@/lib/domain/transcript/transcript';
import type { Seat } from '@/lib/protocol/conversation';
import type { SeatId } from '@/lib/protocol/ids';
import { Composer } from './composer';
import { justTaken, seatKey } from './just-taken';
import type { LayoutProps } from './layout-props';

const unsaidWords = lazyModule(() => import('./unsaid-words'));

type SeatComposerProps = LayoutProps & { seat: SeatId | undefined };

/**
 * Where one speaks to the agent of a seat, or as the seat that one holds; empty for whoever may not, or where nobody can
 * any more. What was typed in the one of these cannot be said in another: it is kept, and stands above.
 */
export function SeatComposer({ seat, ...layout }: SeatComposerProps) {
  const { conversation, live, speak, maySpeak } = layout;
  const caller = useCaller();
  const one = conversation.seats.find((candidate) => candidate.id === seat);
  if (!one) return <div className="bg-surface" />;
  const { holder } = one;
  const name = withHiddenWrittenOut(one.name);
  const keptTo = `${caller.id}.${conversation.id}.${one.id}`;
  const keptAs = `${keptTo}.as`;
  const unsaidAs = <Unsaid key={keptAs} keptAs={keptAs} words={`As ${name}, not sent:`} />;
  const unsaidTo = <Unsaid key={keptTo} keptAs={keptTo} words={`To ${name}, not sent:`} />;
  if (!maySpeak) {
    return (
      <div className="bg-surface">
        {unsaidTo}
        {unsaidAs}
      </div>
    );
  }
  if (holder?.personId === caller.id) {
    return (
      <div className="flex min-w-0 flex-col [&>form]:flex-1">
        {unsaidTo}
        <HolderComposer {...layout} keptAs={keptAs} seat={one} person={holder.name} />
      </div>
    );
  }
  const busy = seatNow(live, one.id).kind !== 'idle';
  return (
    <div className="min-w-0 bg-surface">
      {unsaidAs}
      <Composer
        key={keptTo}
        keptAs={keptTo}
        name={name}
        busy={busy && !holder}
        {...(holder
          ? { placeholder: `Message ${name}, read when ${withHiddenWrittenOut(holder.name)} hands back` }
          : {})}
        speak={(content, deliver, key) => speak(one.id, content, deliver, key)}
      />
    </div>
  );
}

/** Words that were kept and have no composer now; nothing where there are none. */
function Unsaid({ keptAs, words }: { keptAs: string; words: string }) {
  const [text, keep] = useKeptText(keptAs);
  const isThere = text !== null && text.trim() !== '';
  const loaded = unsaidWords.useLoaded(isThere, tellNotLoaded);
  return loaded && isThere ? <loaded.UnsaidWords words={words} text={text} onDiscard={() => keep(null)} /> : null;
}

type HolderComposerProps = LayoutProps & { keptAs: string; seat: Seat; person: string };

/** With two seats the words go to the other one; with more, to the one that stands beside it. */
function HolderComposer({ conversation, shown, keptAs, seat, person }: HolderComposerProps) {
  const { mutateAsync } = useSpeak(conversation.id);
  const others = conversation.seats.filter((each) => each.id !== seat.id);
  const to = others.find((each) => shown.includes(each.id)) ?? others[0];
  const name = withHiddenWrittenOut(to?.name ?? 'the others');
  const address = others.length > 1 && to ? { to: to.id } : {};
  const isTaken = useStore(justTaken, (key) => key === seatKey(conversation.id, seat.id));
  useEffect(() => {
    if (isTaken) return () => justTaken.set(null);
  }, [isTaken]);
  return (
    <Composer
      key={keptAs}
      keptAs={keptAs}
      name={name}
      busy={false}
      placeholder={`Write to ${name}`}
      takesFocus={isTaken}
      as={{ person, agent: withHiddenWrittenOut(seat.name) }}
      speak={(content, _, idempotencyKey) => mutateAsync({ as: seat.id, ...address, content, idempotencyKey })}
    />
  );
}
