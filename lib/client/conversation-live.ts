'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import type { z } from 'zod';
import { applyTranscript, emptyTranscript, showSeats } from '@/lib/domain/transcript/transcript';
import type { Transcript } from '@/lib/domain/transcript/transcript-state';
import type { Conversation, Speak } from '@/lib/protocol/conversation';
import type { ConversationDocument } from '@/lib/protocol/conversation-document';
import type { SeatId } from '@/lib/protocol/ids';
import { conversationStreamName } from '@/lib/protocol/stream-names';
import type { ToldEntry } from '@/lib/protocol/told-entry';
import type { WireEntry } from '@/lib/protocol/wire-entry';
import { api } from './api';
import { conversationPath, conversationQuery } from './conversation-queries';
import type { LiveView } from './live-cache';
import { useInvalidation, useLiveView } from './live-view';
import type { TranscriptPlace } from './load-around';
import { BEYOND_ALL } from './newest-entries';
import { entriesOf, withNewer, withOlder } from './transcript-pages';
import { useWrite } from './use-write';

/** Not under the conversation's own key: reading that again must not load the transcript anew. */
const transcriptKey = (conversationId: string) => ['live', 'transcript', conversationId];

/** What concerns the conversation as a whole: after these it is read again. */
const changesConversation = ({ type }: WireEntry) =>
  type.startsWith('conversation.') ||
  type.startsWith('turn.') ||
  type.startsWith('seat.') ||
  type === 'message.received' ||
  type === 'edge.set';

/**
 * The transcript of a conversation from its newest page on, live. `shown` are the seats whose rows make moments; `brought`
 * are the entries that came with the page, which begins with them: what happened since, the stream tells.
 */
function useLiveTranscript(
  conversation: Conversation,
  shown: readonly SeatId[],
  brought: ConversationDocument['entries'] | null,
) {
  const queryClient = useQueryClient();
  const { id, seats } = conversation;
  const stream = conversationStreamName(id);
  const viewOf = (entries: readonly ToldEntry[]): LiveView<Transcript> => {
    const state = entries.reduce(applyTranscript, emptyTranscript(seats, shown));
    return { state, lastStreamSeq: state.last };
  };
  const query = useLiveView({
    queryKey: transcriptKey(id),
    stream,
    load: async (signal) => viewOf((await entriesOf(id, { before: BEYOND_ALL }, { signal })).items),
    fold: applyTranscript,
    ...(brought && { brought: () => viewOf(brought) }),
  });
  useInvalidation({ streams: [stream], queryKeys: [conversationQuery(id).queryKey], when: changesConversation });
  const change = useCallback(
    (work: (known: LiveView<Transcript>) => LiveView<Transcript>) =>
      queryClient.setQueryData<LiveView<Transcript>>(transcriptKey(id), (known) => known && work(known)),
    [queryClient, id],
  );
  useEffect(() => {
    change((known) => ({ ...known, state: showing(known.state, shown) }));
  }, [change, shown]);
  return { query, change };
}

const showing = (state: Transcript, shown: readonly SeatId[]): Transcript =>
  state.shown.join() === shown.join() ? state : showSeats(state, shown);

/**
 * The transcript that the reader looks at: the live one, or an excerpt of the past around a place to which they went.
 * The excerpt grows at both ends and becomes the live one where it reaches it. `goTo` resolves with the entry at the
 * place, null where the conversation ends before it; all that loads rejects with an ApiError.
 */
export function useTranscript(
  conversation: Conversation,
  shown: readonly SeatId[],
  brought: ConversationDocument['entries'] | null,
) {
  const { id } = conversation;
  const { query, change } = useLiveTranscript(conversation, shown, brought);
  const [excerpt, setExcerpt] = useState<Transcript | null>(null);
  const live = query.data?.state ?? null;
  const away = excerpt && showing(excerpt, shown);
  const older = useMutation({
    mutationFn: (first: number) => entriesOf(id, { before: first }),
    onSuccess: ({ items }) => {
      if (excerpt) setExcerpt((state) => state && withOlder(state, items));
      else change((known) => ({ ...known, state: withOlder(known.state, items) }));
    },
  });
  const newer = useMutation({
    mutationFn: (last: number) => entriesOf(id, { after: last }),
    onSuccess: ({ items }) => {
      const grown = away && withNewer(away, items);
      const joined = grown && change((known) => joinedWith(known, grown));
      setExcerpt(joined && joined.state === grown ? null : grown);
    },
  });
  const goTo = async (place: TranscriptPlace): Promise<WireEntry | null> => {
    const { loadAround } = await import('./load-around');
    const found = await loadAround(conversation, shown, place);
    if (!found) setExcerpt(null);
    else if (live && live.first <= found.entry.streamSeq) setExcerpt(null);
    else if (!away || !holds(away, found.entry)) setExcerpt(found.around);
    return found?.entry ?? null;
  };
  return {
    query,
    live,
    transcript: away ?? live,
    isLive: away === null,
    older,
    newer,
    goTo,
    toLive: () => setExcerpt(null),
  };
}

const holds = ({ first, last }: Transcript, { streamSeq }: WireEntry) => first <= streamSeq && streamSeq <= last;

/** An excerpt that reaches as far as the live transcript takes its place: its stream goes on from there. */
const joinedWith = (known: LiveView<Transcript>, excerpt: Transcript): LiveView<Transcript> =>
  excerpt.last >= known.lastStreamSeq ? { state: excerpt, lastStreamSeq: excerpt.last } : known;

/**
 * A person speaks to the agent in a seat, or as a seat that they hold. Resolves with the entry when it is committed. The
 * key is the caller's: what it belongs to may be tried again after this part of the page has been left.
 */
export const useSpeak = (conversationId: string) =>
  useWrite(({ idempotencyKey, ...body }: z.input<typeof Speak> & { idempotencyKey: string }) =>
    api({
      method: 'POST',
      path: `${conversationPath(conversationId)}/messages`,
      body,
      answer: { later: (all) => all.WireEntry },
      idempotencyKey,
    }),
  );

/** Tries once more to deliver a message, or gives it up. */
export const useSettleCrossing = (conversationId: string) =>
  useWrite(
    ({ conveyanceId, action }: { conveyanceId: string; action: 'retry' | 'drop' }, idempotencyKey) =>
      api({
        method: 'POST',
        path: `${conversationPath(conversationId)}/conveyances/${conveyanceId}`,
        body: { action },
        answer: { later: (all) => all.Appended },
        idempotencyKey,
      }),
    [conversationQuery(conversationId).queryKey],
  );

/** Stops what the agent in a seat is doing. Resolves with whether there was something to stop. */
export const useInterrupt = (conversationId: string) =>
  useWrite(({ seat }: { seat: SeatId }, idempotencyKey) =>
    api({
      method: 'POST',
      path: `${conversationPath(conversationId)}/interrupt`,
      body: { seat },
      answer: { later: (all) => all.Interrupted },
      idempotencyKey,
    }),
  );
