'use client';

import { useEffect, useMemo, useRef, useState } from 'react';
import { withHiddenWrittenOut } from '@/components/ui/hidden-characters';
import { seatHue } from '@/components/ui/seat-hue';
import { tileLettersAmong } from '@/components/ui/tile-letters';
import { showToast } from '@/components/ui/toast';
import { useMay } from '@/lib/client/caller';
import type { WritingText } from '@/lib/client/live-writing';
import { asTold } from '@/lib/domain/transcript/facts';
import { findRowBySeq } from '@/lib/domain/transcript/row-order';
import { findRow, type Transcript } from '@/lib/domain/transcript/transcript-state';
import type { Conversation } from '@/lib/protocol/conversation';
import type { SeatId } from '@/lib/protocol/ids';
import { Announcer } from './announcer';
import { type AxisControl, createAxisControl } from './axis-control';
import { ConversationTools } from './conversation-tools';
import type { ConversationViewProps } from './layout-props';
import { NarrowConversation } from './narrow-conversation';
import type { Past } from './past-edge';
import { createStageStores, type Stage, StageProvider, type Who } from './stage-context';
import { ServerNotice, StandingNotice } from './stage-notices';
import { useRowKeys } from './use-row-keys';
import { useWide } from './use-wide';
import { WideConversation } from './wide-conversation';

/** The conversation screen, from what is known of it. */
export function ConversationView(props: ConversationViewProps) {
  const { settle, interrupt, wanted, shown } = props;
  const conversation = useMemo(
    () => asTold(props.conversation, props.transcript.facts),
    [props.conversation, props.transcript.facts],
  );
  const isWide = useWide();
  const [stores] = useState(createStageStores);
  const [control] = useState(createAxisControl);
  const [tab, setTab] = useState<SeatId | 'channel'>(shown[0] ?? 'channel');
  const { paused, transcript } = usePause(props.transcript);
  const maySpeak = useMay('reviewer') && conversation.state !== 'stopped';
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
      interrupt: (seat) => interruptAndSay(interrupt(seat), who[seat]?.name ?? 'The agent'),
    }),
    [stores, who, maySpeak, settle, interrupt, control],
  );
  useRowKeys({
    transcript,
    seat: isWide || tab === 'channel' ? null : tab,
    stage,
    control,
    togglePause: paused.toggle,
  });
  useWanted(wanted, transcript, props.past, stage, control, setTab);
  const writing = useMemo(() => bySeat(paused.on ? new Map() : props.writing), [props.writing, paused.on]);
  const layout = { ...props, conversation, transcript, writing, control, maySpeak };
  return (
    <StageProvider value={stage}>
      <ServerNotice conversation={conversation} />
      <StandingNotice conversation={conversation} />
      <ConversationTools conversation={conversation} paused={paused} />
      {isWide ? <WideConversation {...layout} /> : <NarrowConversation {...layout} tab={tab} setTab={setTab} />}
      <Announcer transcript={transcript} />
    </StageProvider>
  );
}

function interruptAndSay(outcome: Promise<{ interrupted: boolean }>, name: string): void {
  outcome.then(
    ({ interrupted }) => interrupted || showToast({ text: `${name} had nothing under way.` }),
    (error: unknown) => {
      const reason = error instanceof Error ? error.message : 'It did not work.';
      showToast({ text: `${name} was not interrupted: ${reason}`, tone: 'fail' });
    },
  );
}

function useWho(conversation: Conversation): Who {
  return useMemo(() => {
    const letters = tileLettersAmong(conversation.seats.map((seat) => seat.name));
    const pairs = conversation.seats.map((seat, index) => {
      const name = withHiddenWrittenOut(seat.name); // it goes into labels and titles, where nothing can be marked
      return [seat.id, { name, hue: seatHue(seat.id), letters: letters[index] ?? '?' }] as const;
    });
    return Object.fromEntries(pairs);
  }, [conversation.seats]);
}

/** The transcript as it stood when the reader paused it, and how far it has gone on since. */
function usePause(live: Transcript) {
  const [frozen, setFrozen] = useState<Transcript | null>(null);
  // Older pages still come while it stands still: they are shown from the live one, which holds all.
  const transcript = frozen && frozen.first === live.first && isSamePair(frozen, live) ? frozen : live;
  const behind = frozen
    ? live.moments.list.size - 1 - live.moments.list.floorIndex(frozen.moments.list.last()?.place ?? 0)
    : 0;
  const on = frozen !== null;
  return { transcript, paused: { on, behind, toggle: () => setFrozen(on ? null : live) } };
}
const isSamePair = (one: Transcript, other: Transcript) => one.shown.join() === other.shown.join();

function bySeat(writing: ReadonlyMap<string, WritingText>): ReadonlyMap<string, readonly WritingText[]> {
  const seats = new Map<string, WritingText[]>();
  for (const text of writing.values()) seats.set(text.seat, [...(seats.get(text.seat) ?? []), text]);
  return seats;
}

/** Goes back in history until the wanted entry is loaded, then to its row, once. */
function useWanted(
  wanted: number | null,
  transcript: Transcript,
  past: Past,
  stage: Stage,
  control: AxisControl,
  setTab: (tab: SeatId) => void,
): void {
  const done = useRef<number | null>(null);
  useEffect(() => {
    if (wanted === null || done.current === wanted || transcript.first === 0) return;
    const row = findRowBySeq(transcript, wanted);
    if (!row) return past.loadOlder?.();
    done.current = wanted;
    const conveyanceId = row.parts.received?.conveyanceId ?? row.parts.sent?.[0]?.conveyanceId;
    if (conveyanceId) stage.chosen.set(conveyanceId);
    setTab(row.seat);
    requestAnimationFrame(() => control.get()?.show(row, true));
  }, [wanted, transcript, past, stage, control, setTab]);
}
