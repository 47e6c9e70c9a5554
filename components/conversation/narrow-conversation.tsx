'use client';

import { useEffect, useRef, useState } from 'react';
import { classNames } from '@/components/ui/class-names';
import { Count } from '@/components/ui/count';
import { HostileText } from '@/components/ui/hostile-text';
import { hueClass } from '@/components/ui/seat-hue';
import { Tile } from '@/components/ui/tile';
import { crossingState } from '@/lib/domain/transcript/crossing';
import { seatNow } from '@/lib/domain/transcript/transcript';
import { paneOf, type Transcript } from '@/lib/domain/transcript/transcript-state';
import type { SeatId } from '@/lib/protocol/ids';
import { ChannelHead } from './channel-head';
import type { LayoutProps } from './layout-props';
import { ChannelStage, PaneStage } from './narrow-stage';
import { SeatComposer } from './seat-composer';
import { SeatHead } from './seat-head';
import { useStage } from './stage-context';
import { NothingSaid } from './stage-notices';

type Tab = SeatId | 'channel';
type NarrowProps = LayoutProps & { tab: Tab; setTab: (tab: Tab) => void };

/** One pane or the channel at a time, below 900 px. */
export function NarrowConversation(props: NarrowProps) {
  const { conversation, transcript, writing, past, control, maySpeak, tab, shown } = props;
  const fresh = useUnread(transcript, tab);
  const seat = conversation.seats.find((one) => one.id === tab);
  const common = { transcript, past, control, empty: <NothingSaid conversation={conversation} maySpeak={maySpeak} /> };
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
              <SeatHead seat={seat} now={seatNow(transcript, seat.id)} writing={writing.get(seat.id) ?? []} />
            </div>
            <PaneStage
              key={seat.id}
              {...common}
              seat={seat.id}
              writing={writing.get(seat.id) ?? []}
              label={`Transcript of ${seat.name}`}
            />
            <div className="flex-none border-line-strong border-t">
              <SeatComposer {...props} seat={seat.id} />
            </div>
          </>
        ) : (
          <>
            <div className="flex-none border-line-strong border-b bg-sunken">
              <ChannelHead edges={conversation.edges} shown={shown} />
            </div>
            <ChannelStage {...common} label="What crossed the channel" />
          </>
        )}
      </div>
    </>
  );
}

function Tabs({ conversation, transcript, tab, setTab, fresh }: NarrowProps & { fresh: ReadonlyMap<string, number> }) {
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
        const unsettled = one === 'channel' ? unsettledCount(transcript) : 0;
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
              seat && hueClass[seat.hue],
              one === tab ? 'bg-surface text-text' : 'border-transparent text-text-2',
              one === tab && (seat ? 'border-seat' : 'border-ink'),
            )}
          >
            {seat && <Tile name={seat.name} hue={seat.hue} letters={seat.letters} size="small" />}
            <span className="min-w-0 truncate">{seat ? <HostileText text={seat.name} wrap={false} /> : 'Channel'}</span>
            <Count value={unsettled} waiting />
            <Count value={fresh.get(one) ?? 0} />
          </button>
        );
      })}
    </div>
  );
}

/** Messages in the channel that a person has to settle. */
function unsettledCount(transcript: Transcript): number {
  const open = Object.values(transcript.open).flat();
  return open.filter((id) => {
    const crossing = transcript.crossings.get(id);
    const state = crossing && crossingState(crossing);
    return state === 'failed' || state === 'outcome_unknown';
  }).length;
}

/** How many rows came into each pane since the reader last looked at it. */
function useUnread(transcript: Transcript, tab: Tab): ReadonlyMap<string, number> {
  const [seen, setSeen] = useState<ReadonlyMap<string, number>>(new Map());
  const ends = transcript.seats.map((seat) => `${seat.id}:${paneOf(transcript, seat.id).last()?.place ?? 0}`).join();
  const known = useRef(false);
  useEffect(() => {
    const now = ends.split(',').map((end) => end.split(':'));
    const all = !known.current;
    known.current = true;
    setSeen((old) => {
      const next = new Map(old);
      for (const [seat, place] of now) if (seat && (all || seat === tab)) next.set(seat, Number(place));
      return next;
    });
  }, [ends, tab]);
  return new Map(
    transcript.seats.map((seat) => {
      const pane = paneOf(transcript, seat.id);
      const from = seen.get(seat.id);
      return [seat.id, seat.id === tab || from === undefined ? 0 : pane.size - 1 - pane.floorIndex(from)];
    }),
  );
}
