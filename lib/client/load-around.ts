import { applyTranscript, emptyTranscript } from '@/lib/domain/transcript/transcript';
import type { Transcript } from '@/lib/domain/transcript/transcript-state';
import type { Conversation } from '@/lib/protocol/conversation';
import type { SeatId } from '@/lib/protocol/ids';
import type { WireEntry } from '@/lib/protocol/wire-entry';
import { entriesOf, PAGE, withOlder } from './transcript-pages';

/** A place in a conversation: an entry by its streamSeq, or the first one received at a time (ISO-8601) or later. */
export type TranscriptPlace = { streamSeq: number } | { time: string };

/** What lies around a place, and the entry at it; null where there is nothing at it or later. */
export async function loadAround(
  { id, seats }: Conversation,
  shown: readonly SeatId[],
  place: TranscriptPlace,
): Promise<{ entry: WireEntry; around: Transcript } | null> {
  const { items } =
    'time' in place
      ? await entriesOf(id, { from: place.time }, { limit: PAGE / 2 })
      : await entriesOf(id, { after: Math.max(0, place.streamSeq - PAGE / 2) });
  const entry = 'time' in place ? items[0] : items.find(({ streamSeq }) => streamSeq >= place.streamSeq);
  if (!entry) return null;
  const around = items.reduce(applyTranscript, emptyTranscript(seats, shown));
  if (around.first === 1 || entry.streamSeq - around.first >= PAGE / 4) return { entry, around };
  const before = await entriesOf(id, { before: around.first }, { limit: PAGE / 2 });
  return { entry, around: withOlder(around, before.items) };
}
