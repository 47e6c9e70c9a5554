'use client';

import { useEffect, useMemo, useRef, useState } from 'react';
import { copyText } from '@/components/ui/copy-text';
import { withHiddenWrittenOut } from '@/components/ui/hidden-characters';
import { lazyModule } from '@/components/ui/lazy-module';
import { reasonOf } from '@/components/ui/reason-of';
import { seatHue } from '@/components/ui/seat-hue';
import { tellNotLoaded } from '@/components/ui/tell-not-loaded';
import { tileLettersAmong } from '@/components/ui/tile-letters';
import { showToast } from '@/components/ui/toast';
import { useWide } from '@/components/ui/use-wide';
import { useMay } from '@/lib/client/caller';
import type { WritingText } from '@/lib/client/live-writing';
import { useSettleQuarantine } from '@/lib/client/seat-mutations';
import { asTold } from '@/lib/domain/transcript/facts';
import { findRow } from '@/lib/domain/transcript/transcript-state';
import type { Conversation } from '@/lib/protocol/conversation';
import type { SeatId } from '@/lib/protocol/ids';
import { createAxisControl } from './axis-control';
import { ConversationTools } from './conversation-tools';
import type { ConversationViewProps } from './layout-props';
import { rowLink } from './row-link';
import { createStageStores, type Stage, StageProvider, type Who } from './stage-context';
import { StandingWord } from './stage-notices';
import { usePause } from './use-pause';
import { useRowKeys } from './use-row-keys';
import { useWanted } from './use-wanted';
import { WideConversation } from './wide-conversation';

const narrowConversation = lazyModule(() => import('./narrow-conversation'));
/** What is heard and what is asked for: loaded after the first painting, and again if that failed. */
const announcer = lazyModule(() => import('./announcer'));
const serverNotice = lazyModule(() => import('./server-notice'));
const standingNotice = lazyModule(() => import('./standing-notice'));

/** The conversation screen, from what is known of it. */
export function ConversationView(props: ConversationViewProps) {
  const { settle, interrupt, wanted, shown, live, ahead } = props;
  const conversation = useMemo(() => asTold(props.conversation, live.facts), [props.conversation, live.facts]);
  const isWide = useWide();
  const narrow = narrowConversation.useLoaded(!isWide, tellNotLoaded);
  const [hears, server] = [announcer.useLoaded(true), serverNotice.useLoaded(true)];
  const standing = standingNotice.useLoaded(['paused', 'stopped'].includes(conversation.state));
  const [stores] = useState(createStageStores);
  const [control] = useState(createAxisControl);
  const [tab, setTab] = useState<SeatId | 'channel'>(shown[0] ?? 'channel');
  const { paused, ...held } = usePause(live);
  const transcript = ahead.isLive ? held.transcript : props.transcript;
  const maySpeak = useMay('reviewer') && conversation.state !== 'stopped';
  const { id } = conversation;
  const { mutateAsync: settleQuarantine } = useSettleQuarantine(id);
  const isCrowded = conversation.seats.length > 2;
  const who = useWho(conversation);
  const latest = useRef(transcript);
  useEffect(() => {
    latest.current = transcript;
  });
  const stage: Stage = useMemo(
    () => ({
      ...stores,
      who,
      mayAct: maySpeak,
      goToEnd: (conveyanceId, seat) => {
        const crossing = latest.current.crossings.get(conveyanceId);
        const id = crossing?.to === seat ? crossing.arrivalRow : crossing?.authorRow;
        const row = id ? findRow(latest.current, id) : undefined;
        if (!row) return;
        stores.chosen.set(conveyanceId);
        setTab(seat);
        requestAnimationFrame(() => control.get()?.show(row, true));
      },
      settle: async (conveyanceId, action) => {
        await settle(conveyanceId, action);
      },
      settleLate: async (entryId, seat, action) => {
        // With two seats it goes to the other one; with more, to the one that the reader looks at beside it.
        const to = isCrowded ? latest.current.shown.find((each) => each !== seat) : undefined;
        await settleQuarantine({ entryId, action, ...(to && action === 'release' ? { to } : {}) });
      },
      copyLink: (row) =>
        void copyText(rowLink(window.location.origin, id, row, latest.current.shown), 'The link is copied.'),
      interrupt: (seat) => interruptAndSay(interrupt(seat), who[seat]?.name ?? 'The agent'),
    }),
    [stores, who, maySpeak, settle, settleQuarantine, isCrowded, interrupt, control, id],
  );
  useRowKeys({
    transcript,
    seat: isWide || tab === 'channel' ? null : tab,
    stage,
    control,
    togglePause: paused.toggle,
  });
  useWanted({ wanted, transcript, stage, control, setTab, show: props.show });
  const isStill = paused.on || !ahead.isLive;
  const writing = useMemo(() => bySeat(isStill ? new Map() : props.writing), [props.writing, isStill]);
  const layout = { ...props, conversation, transcript, writing, control, maySpeak };
  return (
    <StageProvider value={stage}>
      {server && <server.ServerNotice conversation={conversation} />}
      {standing ? <standing.StandingNotice conversation={conversation} /> : <StandingWord state={conversation.state} />}
      <ConversationTools conversation={conversation} live={live} paused={paused} jump={props.jump} />
      {isWide && <WideConversation {...layout} />}
      {!isWide && narrow && <narrow.NarrowConversation {...layout} tab={tab} setTab={setTab} />}
      {hears && <hears.Announcer transcript={live} />}
    </StageProvider>
  );
}

function interruptAndSay(outcome: Promise<{ interrupted: boolean }>, name: string): void {
  outcome.then(
    ({ interrupted }) => interrupted || showToast({ text: `${name} had nothing under way.` }),
    (error: unknown) => {
      const reason = reasonOf(error);
      showToast({ text: `${name} was not interrupted: ${reason}`, tone: 'fail' });
    },
  );
}

function useWho(conversation: Conversation): Who {
  return useMemo(() => {
    const letters = tileLettersAmong(conversation.seats.map((seat) => seat.name));
    const pairs = conversation.seats.map((seat, index) => {
      const name = withHiddenWrittenOut(seat.name); // it goes into labels and titles, where nothing can be marked
      const held = seat.holder ? { holder: withHiddenWrittenOut(seat.holder.name) } : {};
      return [seat.id, { name, hue: seatHue(seat.id), letters: letters[index] ?? '?', ...held }] as const;
    });
    return Object.fromEntries(pairs);
  }, [conversation.seats]);
}

function bySeat(writing: ReadonlyMap<string, WritingText>): ReadonlyMap<string, readonly WritingText[]> {
  const seats = new Map<string, WritingText[]>();
  for (const text of writing.values()) seats.set(text.seat, [...(seats.get(text.seat) ?? []), text]);
  return seats;
}
