'use client';

import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { isNoSuch, NoSuch } from '@/components/shell/no-such';
import { usePageHead } from '@/components/shell/page-head';
import { LoadFailed } from '@/components/ui/load-failed';
import { LoadingRows } from '@/components/ui/skeleton';
import { useInterrupt, useSettleCrossing, useSpeak, useTranscript } from '@/lib/client/conversation-live';
import { conversationQuery } from '@/lib/client/conversation-queries';
import { useWaitingIn } from '@/lib/client/use-draft';
import { useWriting } from '@/lib/client/use-writing';
import type { Conversation } from '@/lib/protocol/conversation';
import type { ConversationDocument } from '@/lib/protocol/conversation-document';
import type { SeatId } from '@/lib/protocol/ids';
import { conversationStreamName } from '@/lib/protocol/stream-names';
import type { Ahead } from './ahead';
import type { Deliver } from './composer';
import { ConversationView } from './conversation-view';
import { parkedDraft } from './parked-draft-part';
import type { Past } from './past-edge';
import { useJump } from './use-jump';
import { useShownSeats } from './use-shown-seats';

type ConversationScreenProps = {
  conversationId: string;
  /** What came with the document; null where the page has to ask for it. */
  brought: ConversationDocument | null;
};

/**
 * False in what the server draws and in the first drawing that has to be the same. Rows are placed by what is measured,
 * and times are those of the reader's zone: there is nothing of them to draw before.
 */
const useInBrowser = () =>
  useSyncExternalStore(
    () => () => undefined,
    () => true,
    () => false,
  );

const used = new WeakSet<ConversationDocument>();

/** What came with the page, for its first showing. On the way back the router has it still: by then it is of the past. */
function useOnce(brought: ConversationDocument | null, conversationId: string): ConversationDocument | null {
  const [first] = useState(() => (brought && !used.has(brought) ? brought : null));
  useEffect(() => {
    if (brought) return () => void used.add(brought);
  }, [brought]);
  return first?.conversation.id === conversationId ? first : null;
}

/** One conversation, live: what is loaded, what is being loaded, and what could not be. */
export function ConversationScreen({ conversationId, brought }: ConversationScreenProps) {
  const first = useOnce(brought, conversationId);
  const conversation = useQuery({
    ...conversationQuery(conversationId),
    ...(first && { initialData: first.conversation }),
  });
  usePageHead({ crumb: conversation.data?.title ?? null, sandbox: conversation.data?.sandbox ?? false });
  const isDrawn = useInBrowser();
  if (conversation.data && isDrawn) {
    return <LiveConversation key={conversationId} conversation={conversation.data} brought={first?.entries ?? null} />;
  }
  if (!conversation.error) return <LoadingRows rows={8} rowClass="h-14" what="the conversation" />;
  if (isNoSuch(conversation.error)) return <NoSuch what="conversation" />;
  return <LoadFailed what="The conversation" query={conversation} />;
}

type LiveConversationProps = { conversation: Conversation; brought: ConversationDocument['entries'] | null };

function LiveConversation({ conversation, brought }: LiveConversationProps) {
  const [shown, show] = useShownSeats(conversation.seats);
  usePreloadedDrafts(conversation.id);
  const { query, live, transcript, isLive, older, newer, goTo, toLive } = useTranscript(conversation, shown, brought);
  const stream = useMemo(() => conversationStreamName(conversation.id), [conversation.id]);
  const writing = useWriting(stream, live?.last ?? 0);
  const { wanted, jump } = useJump(goTo, live !== null);
  const { mutateAsync: speakTo } = useSpeak(conversation.id);
  const { mutateAsync: settleCrossing } = useSettleCrossing(conversation.id);
  const { mutateAsync: interruptSeat } = useInterrupt(conversation.id);
  const interrupt = useCallback((seat: SeatId) => interruptSeat({ seat }), [interruptSeat]);
  const speak = useCallback(
    (to: SeatId, content: string, deliver: Deliver, idempotencyKey: string) =>
      speakTo({ to, content, deliver, idempotencyKey }),
    [speakTo],
  );
  const settle = useCallback(
    (conveyanceId: string, action: 'retry' | 'drop') => settleCrossing({ conveyanceId, action }),
    [settleCrossing],
  );
  const past = usePast(transcript?.first ?? 0, older);
  const ahead = useAhead(isLive, transcript?.last ?? 0, newer, toLive);
  if (!transcript || !live) {
    if (!query.error) return <LoadingRows rows={8} rowClass="h-14" what="the transcript" />;
    return <LoadFailed what="The transcript" query={query} />;
  }
  return (
    <ConversationView
      conversation={conversation}
      transcript={transcript}
      live={live}
      writing={writing}
      past={past}
      ahead={ahead}
      shown={shown}
      show={show}
      speak={speak}
      settle={settle}
      interrupt={interrupt}
      wanted={wanted}
      jump={jump}
    />
  );
}

/** What a draft is answered with comes along with the transcript where one waits. */
function usePreloadedDrafts(conversationId: string): void {
  const isWaiting = useWaitingIn(conversationId).length > 0;
  useEffect(() => {
    if (isWaiting) parkedDraft.preload();
  }, [isWaiting]);
}

/** History before `first` (a streamSeq), as the stage asks for it. */
function usePast(first: number, older: ReturnType<typeof useTranscript>['older']): Past {
  const { mutate, isPending, error } = older;
  const failed = error && !isPending ? error.message : null;
  return useMemo(() => {
    const load = () => mutate(first);
    const state = isPending ? 'loading' : failed ? { failed } : first > 1 ? 'more' : 'beginning';
    return { state, loadOlder: state === 'more' ? load : null, retry: load };
  }, [mutate, first, isPending, failed]);
}

/** Whether what is shown ends at the tail, and what lies between it and the tail. `last` is a streamSeq. */
function useAhead(
  isLive: boolean,
  last: number,
  newer: ReturnType<typeof useTranscript>['newer'],
  toLive: () => void,
): Ahead {
  const { mutate, isPending } = newer;
  const latest = useRef(toLive);
  useEffect(() => {
    latest.current = toLive;
  });
  return useMemo(
    () => ({
      isLive,
      loadNewer: isLive || isPending ? null : () => mutate(last),
      toLive: () => latest.current(),
    }),
    [isLive, isPending, mutate, last],
  );
}
