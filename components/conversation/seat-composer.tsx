'use client';

import { withHiddenWrittenOut } from '@/components/ui/hidden-characters';
import { useCaller } from '@/lib/client/caller';
import { useSpeak } from '@/lib/client/conversation-live';
import { seatNow } from '@/lib/domain/transcript/transcript';
import type { Seat } from '@/lib/protocol/conversation';
import type { SeatId } from '@/lib/protocol/ids';
import { Composer } from './composer';
import type { LayoutProps } from './layout-props';

type SeatComposerProps = LayoutProps & { seat: SeatId | undefined };

/**
 * Where one speaks to the agent of a seat, or as the seat that one holds; empty for whoever may not, or where nobody can
 * any more.
 */
export function SeatComposer({ seat, ...layout }: SeatComposerProps) {
  const { conversation, live, speak, maySpeak } = layout;
  const caller = useCaller();
  const one = conversation.seats.find((candidate) => candidate.id === seat);
  if (!one || !maySpeak) return <div className="bg-surface" />;
  const { holder } = one;
  if (holder?.personId === caller.id) return <HolderComposer {...layout} seat={one} person={holder.name} />;
  const name = withHiddenWrittenOut(one.name);
  const busy = seatNow(live, one.id).kind !== 'idle';
  return (
    <Composer
      key={one.id}
      name={name}
      busy={busy && !holder}
      {...(holder ? { placeholder: `Message ${name}, read when ${withHiddenWrittenOut(holder.name)} hands back` } : {})}
      speak={(content, deliver) => speak(one.id, content, deliver)}
    />
  );
}

type HolderComposerProps = LayoutProps & { seat: Seat; person: string };

/** With two seats the words go to the other one; with more, to the one that stands beside it. */
function HolderComposer({ conversation, shown, seat, person }: HolderComposerProps) {
  const { mutateAsync } = useSpeak(conversation.id);
  const others = conversation.seats.filter((each) => each.id !== seat.id);
  const to = others.find((each) => shown.includes(each.id)) ?? others[0];
  const name = withHiddenWrittenOut(to?.name ?? 'the others');
  const address = others.length > 1 && to ? { to: to.id } : {};
  return (
    <Composer
      key={`as-${seat.id}`}
      name={name}
      busy={false}
      placeholder={`Write to ${name}`}
      as={{ person, agent: withHiddenWrittenOut(seat.name) }}
      speak={(content) => mutateAsync({ as: seat.id, ...address, content })}
    />
  );
}
