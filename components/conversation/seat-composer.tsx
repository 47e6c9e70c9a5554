'use client';

import { withHiddenWrittenOut } from '@/components/ui/hidden-characters';
import { seatNow } from '@/lib/domain/transcript/transcript';
import type { SeatId } from '@/lib/protocol/ids';
import { Composer } from './composer';
import type { LayoutProps } from './layout-props';

/** Where one speaks to the agent of a seat; empty for whoever may not, or where nobody can any more. */
export function SeatComposer({
  conversation,
  transcript,
  seat,
  speak,
  maySpeak,
}: LayoutProps & { seat: SeatId | undefined }) {
  const one = conversation.seats.find((candidate) => candidate.id === seat);
  if (!one || !maySpeak) return <div className="bg-surface" />;
  const busy = seatNow(transcript, one.id).kind !== 'idle';
  return (
    <Composer
      key={one.id}
      name={withHiddenWrittenOut(one.name)}
      busy={busy}
      speak={(content) => speak(one.id, content)}
    />
  );
}
