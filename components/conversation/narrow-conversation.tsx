'use client';

import { useState } from 'react';
import { classNames } from '@/components/ui/class-names';
import { Count } from '@/components/ui/count';
import { HostileText } from '@/components/ui/hostile-text';
import { hueClass } from '@/components/ui/seat-hue';
import { crossingState } from '@/lib/domain/transcript/crossing';
import { seatNow } from '@/lib/domain/transcript/transcript';
import type { Transcript } from '@/lib/domain/transcript/transcript-state';
import type { SeatId } from '@/lib/protocol/ids';
import { ChannelHead } from './channel-head';
import { DraftSheet } from './draft-sheet';
import type { LayoutProps } from './layout-props';
import { ChannelStage, PaneStage } from './narrow-stage';
import { SeatComposer } from './seat-composer';
import { SeatHead } from './seat-head';
import { SeatTile } from './seat-tile';
import { useStage } from './stage-context';
import { NothingSaid } from './stage-notices';
import type { KeptPlace } from './use-axis';
import { useUnread } from './use-unread';

type Tab = SeatId | 'channel';
const none: readonly SeatId[] = [];
type NarrowProps = LayoutProps & { tab: Tab; setTab: (tab: Tab) => void };

/** One pane or the channel at a time, below 900 px. */
export function NarrowConversation(props: NarrowProps) {
  const { conversation, transcript, live, writing, past, ahead, control, maySpeak, tab, shown } = props;
  const fresh = useUnread(live, tab === 'channel' ? none : [tab]);
  const seat = conversation.seats.find((one) => one.id === tab);
  const [keptOf] = useState(createKeptPlaces);
  const common = {
    conversationId: conversation.id,
    transcript,
    live,
    past,
    ahead,
    control,
    empty: <NothingSaid conversation={conversation} maySpeak={maySpeak} />,
    kept: keptOf(tab),
  };
  return (
    <>
      <Tabs {...props} fresh={fresh} />
      <div
        role="tabpanel"
        id="conversation-panel"
        aria-labelledby={`tab-${tab}`}
        className="flex min-h-0 flex-1 flex-col"
      >
        {seat ? (
          <>
            <div className="h-16 flex-none border-line-strong border-b">
              <SeatHead
                conversationId={conversation.id}
                server={conversation.server}
                seat={seat}
                now={seatNow(live, seat.id)}
                writing={writing.get(seat.id) ?? []}
              />
            </div>
            <PaneStage
              key={seat.id}
              {...common}
              seat={seat.id}
              writing={writing.get(seat.id) ?? []}
              label={`Transcript of ${seat.name}`}
            />
            <DraftSheet conversationId={conversation.id} shown={shown} />
            <div className="flex-none border-line-strong border-t">
              <SeatComposer {...props} seat={seat.id} />
            </div>
          </>
        ) : (
          <>
            <div className="flex-none border-line-strong border-b bg-sunken">
              <ChannelHead conversation={conversation} shown={shown} />
            </div>
            <ChannelStage {...common} label="What crossed the channel" />
            <DraftSheet conversationId={conversation.id} shown={shown} />
          </>
        )}
      </div>
    </>
  );
}

function Tabs({ conversation, live, tab, setTab, fresh }: NarrowProps & { fresh: ReadonlyMap<string, number> }) {
  const { who } = useStage();
  const [first, ...others] = conversation.seats;
  if (!first) return null;
  const tabs: Tab[] = [first.id, 'channel', ...others.map((seat) => seat.id)];
  const move = (step: number) => {
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    if (!next) return;
    setTab(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div
      role="tablist"
      aria-label="Panes"
      className="flex flex-none overflow-x-auto border-line-strong border-b bg-ground [scrollbar-width:none]"
      onKeyDown={(event) => {
        if (event.key === 'ArrowRight') move(1);
        if (event.key === 'ArrowLeft') move(-1);
      }}
    >
      {tabs.map((one) => {
        const seat = one === 'channel' ? undefined : who[one];
        const unsettled = one === 'channel' ? unsettledCount(live) : 0;
        return (
          <button
            key={one}
            id={`tab-${one}`}
            type="button"
            role="tab"
            aria-selected={one === tab}
            aria-controls="conversation-panel"
            tabIndex={one === tab ? 0 : -1}
            onClick={() => setTab(one)}
            className={classNames(
              'flex h-11 min-w-24 flex-1 items-center justify-center gap-2 border-b-2 px-2 text-talk font-control',
              seat && hueClass[seat.holder ? 'human' : seat.hue],
              one === tab ? 'bg-surface text-text' : 'border-transparent text-text-2',
              one === tab && (seat ? 'border-seat' : 'border-ink'),
            )}
          >
            {one !== 'channel' && <SeatTile seat={one} size="small" />}
            <span className="min-w-0 truncate">{seat ? <HostileText text={seat.name} wrap={false} /> : 'Channel'}</span>
            <Count value={unsettled} waiting />
            <Count value={fresh.get(one) ?? 0} />
          </button>
        );
      })}
    </div>
  );
}

/** Where the reader was in each tab, for as long as the conversation is open. */
function createKeptPlaces(): (tab: Tab) => KeptPlace {
  const places = new Map<Tab, number | null>();
  const known = new Map<Tab, KeptPlace>();
  return (tab) => {
    const kept = known.get(tab) ?? {
      get: () => places.get(tab) ?? null,
      set: (place) => void places.set(tab, place),
    };
    known.set(tab, kept);
    return kept;
  };
}

/** Messages in the channel that a person has to settle. */
function unsettledCount(transcript: Transcript): number {
  const open = Object.values(transcript.open).flat();
  return open.filter((id) => {
    const crossing = transcript.crossings.get(id);
    const state = crossing && crossingState(crossing);
    return state === 'failed' || state === 'outcome_unknown' || state === 'parked';
  }).length;
}
