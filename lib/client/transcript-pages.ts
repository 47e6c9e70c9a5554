import { applyTranscript, emptyTranscript, prependTranscript } from '@/lib/domain/transcript/transcript';
import type { Transcript } from '@/lib/domain/transcript/transcript-state';
import type { Conversation } from '@/lib/protocol/conversation';
import type { SeatId } from '@/lib/protocol/ids';
import { pageOf } from '@/lib/protocol/page';
import { WireEntry } from '@/lib/protocol/wire-entry';
import { api } from './api';

const PAGE = 200;

/** A place in a conversation: an entry by its streamSeq, or the first one received at a time (ISO-8601) or later. */
export type TranscriptPlace = { streamSeq: number } | { time: string };

type Span = { before: number } | { after: number } | { from: string };

/** One page of a conversation's history, ascending. Throws an ApiError. */
export const entriesOf = (conversationId: string, span: Span, options: { limit?: number; signal?: AbortSignal } = {}) =>
  api({
    path: `/api/conversations/${conversationId}/entries`,
    query: { ...span, limit: options.limit ?? PAGE },
    answer: pageOf(WireEntry),
    ...(options.signal ? { signal: options.signal } : {}),
  });

/** A page belongs before the transcript only where it still begins where it began when the page was asked for. */
export const withOlder = (state: Transcript, page: readonly WireEntry[]): Transcript =>
  page.at(-1)?.streamSeq === state.first - 1 ? prependTranscript(state, page) : state;

/** A page belongs behind the transcript only where it still ends where it ended when the page was asked for. */
export const withNewer = (state: Transcript, page: readonly WireEntry[]): Transcript =>
  page[0]?.streamSeq === state.last + 1 ? page.reduce(applyTranscript, state) : state;

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
