'use client';

import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import { z } from 'zod';
import { applyTranscript, emptyTranscript, prependTranscript, showSeats } from '@/lib/domain/transcript/transcript';
import type { Transcript } from '@/lib/domain/transcript/transcript-state';
import { Conversation, Interrupted, type Speak } from '@/lib/protocol/conversation';
import { WireEntry } from '@/lib/protocol/entry';
import type { SeatId } from '@/lib/protocol/ids';
import { pageOf } from '@/lib/protocol/page';
import { conversationStream } from '@/lib/protocol/stream';
import { api } from './api';
import type { LiveView } from './live-cache';
import { useInvalidation, useLiveView } from './live-view';
import { useWrite } from './use-write';

const PAGE = 200;
/** Above any position in a stream: `before` it come the newest entries. */
const BEYOND_ALL = Number.MAX_SAFE_INTEGER;

const pathOf = (conversationId: string) => `/api/conversations/${conversationId}`;

export const conversationQuery = (conversationId: string) =>
  queryOptions({
    queryKey: ['live', 'conversation', conversationId],
    queryFn: ({ signal }) => api({ path: pathOf(conversationId), answer: Conversation, signal }),
  });

/** Not under the conversation's own key: reading that again must not load the transcript anew. */
const transcriptKey = (conversationId: string) => ['live', 'transcript', conversationId];

const entriesBefore = (conversationId: string, before: number, signal?: AbortSignal) =>
  api({
    path: `${pathOf(conversationId)}/entries`,
    query: { before, limit: PAGE },
    answer: pageOf(WireEntry),
    ...(signal ? { signal } : {}),
  });

/** What concerns the conversation as a whole: after these it is read again. */
const changesConversation = ({ type }: WireEntry) =>
  type.startsWith('conversation.') || type.startsWith('turn.') || type === 'message.received' || type === 'edge.set';

/**
 * The transcript of a conversation from its newest page on, live. `shown` are the seats whose rows make moments.
 * `loadOlder` puts one page of history before it; it rejects with an ApiError.
 */
export function useTranscript(conversation: Conversation, shown: readonly SeatId[]) {
  const queryClient = useQueryClient();
  const { id, seats } = conversation;
  const stream = conversationStream(id);
  const queryKey = transcriptKey(id);
  const load = async (signal: AbortSignal): Promise<LiveView<Transcript>> => {
    const { items } = await entriesBefore(id, BEYOND_ALL, signal);
    const state = items.reduce(applyTranscript, emptyTranscript(seats, shown));
    return { state, lastStreamSeq: state.last };
  };
  const query = useLiveView({ queryKey, stream, load, fold: applyTranscript });
  useInvalidation({ streams: [stream], queryKeys: [conversationQuery(id).queryKey], when: changesConversation });
  const change = useCallback(
    (work: (state: Transcript) => Transcript) =>
      queryClient.setQueryData<LiveView<Transcript>>(
        transcriptKey(id),
        (known) => known && { ...known, state: work(known.state) },
      ),
    [queryClient, id],
  );
  const older = useMutation({
    mutationFn: (before: number) => entriesBefore(id, before),
    onSuccess: ({ items }) => change((state) => withOlder(state, items)),
  });
  useEffect(() => {
    change((state) => (isShown(state, shown) ? state : showSeats(state, shown)));
  }, [change, shown]);
  return { query, older };
}

/** A page belongs before the transcript only where it still begins where it began when the page was asked for. */
const withOlder = (state: Transcript, page: readonly WireEntry[]) =>
  page.at(-1)?.streamSeq === state.first - 1 ? prependTranscript(state, page) : state;

const isShown = (state: Transcript, shown: readonly SeatId[]) => state.shown.join() === shown.join();

/** A person speaks to the agent in a seat. Resolves with the entry when it is committed. */
export const useSpeak = (conversationId: string) =>
  useWrite((body: Pick<Speak, 'to' | 'content'>, idempotencyKey) =>
    api({ method: 'POST', path: `${pathOf(conversationId)}/messages`, body, answer: WireEntry, idempotencyKey }),
  );

/** Tries once more to deliver a message, or gives it up. */
export const useSettleCrossing = (conversationId: string) =>
  useWrite(
    ({ conveyanceId, action }: { conveyanceId: string; action: 'retry' | 'drop' }, idempotencyKey) =>
      api({
        method: 'POST',
        path: `${pathOf(conversationId)}/conveyances/${conveyanceId}`,
        body: { action },
        answer: z.object({ entries: z.array(WireEntry) }),
        idempotencyKey,
      }),
    [conversationQuery(conversationId).queryKey],
  );

/** Stops what the agent in a seat is doing. Resolves with whether there was something to stop. */
export const useInterrupt = (conversationId: string) =>
  useWrite(({ seat }: { seat: SeatId }, idempotencyKey) =>
    api({
      method: 'POST',
      path: `${pathOf(conversationId)}/interrupt`,
      body: { seat },
      answer: Interrupted,
      idempotencyKey,
    }),
  );
