'use client';

import { useRef } from 'react';
import { hueClass } from '@/components/ui/seat-hue';
import { useStore } from '@/components/ui/store';
import type { WritingText } from '@/lib/client/live-writing';
import { isWithoutAnswer } from '@/lib/domain/transcript/silent-turn';
import { findRow, paneOf, type Transcript } from '@/lib/domain/transcript/transcript-state';
import type { SeatId } from '@/lib/protocol/ids';
import type { Ahead } from './ahead';
import { AxisBody, scrollerClass } from './axis-body';
import { type AxisControl, useAxisControl } from './axis-control';
import { SettleButtons } from './crossing-card';
import { isStuck } from './crossing-end';
import { CrossingLine } from './crossing-line';
import { DayLine, dayBetween } from './day-line';
import { FreshPill } from './fresh-pill';
import { mayHavePast } from './may-have-past';
import { OlderHistory } from './older-history';
import { type Past, PastEdge } from './past-edge';
import { CallLine } from './review-tag';
import { crossingEnd, endsOf, turnOf } from './row-ends';
import { RowView } from './row-view';
import { useStage } from './stage-context';
import { stageRoles } from './stage-roles';
import { TickLine } from './tick-line';
import { useAbove } from './use-above';
import { type KeptPlace, useAxis } from './use-axis';
import { WritingRows } from './writing-rows';

type NarrowProps = {
  conversationId: string;
  transcript: Transcript;
  live: Transcript;
  past: Past;
  ahead: Ahead;
  control: AxisControl;
  empty: React.ReactNode;
  label: string;
  /** Where the reader was when another tab took its place. */
  kept: KeptPlace;
};

/** One agent’s transcript by itself, below 900 px. */
export function PaneStage(props: NarrowProps & { seat: SeatId; writing: readonly WritingText[] }) {
  const { conversationId, transcript, live, seat, writing, past, ahead, control, empty, label, kept } = props;
  const { current, who, mayAct } = useStage();
  const currentId = useStore(current, (id) => id);
  const list = paneOf(transcript, seat);
  const row = currentId === null ? undefined : findRow(transcript, currentId);
  const scroller = useRef<HTMLDivElement>(null);
  const above = useAbove(scroller);
  const { items, ...axis } = useAxis(scroller, {
    list,
    keep: row ? list.floorIndex(row.place) : null,
    loadOlder: past.loadOlder,
    ahead,
    tail: paneOf(live, seat).last()?.place ?? 0,
    above: above.height,
    kept,
  });
  useAxisControl(control, axis, { placeOf: (one) => (one.seat === seat ? one.place : null) });
  const hue = who[seat]?.hue;
  return (
    <div className={`relative min-h-0 flex-1 bg-surface ${hue ? hueClass[hue] : ''}`}>
      <div ref={axis.scroller} {...stageRoles.list(label)} className={scrollerClass}>
        {mayHavePast(transcript, seat) && (
          <div {...stageRoles.item} ref={above.ref} className="flex-none">
            <OlderHistory conversationId={conversationId} seat={seat} side="right" onGrown={above.onGrown} />
          </div>
        )}
        {list.size === 0 && empty}
        <AxisBody
          axis={axis}
          items={items}
          as="item"
          render={(one, index) => {
            const day = dayBetween(list.at(index - 1)?.at, one.at);
            const ends = endsOf(transcript, one);
            return (
              <div className="py-0.5">
                {day && <DayLine day={day} />}
                <RowView
                  row={one}
                  side="right"
                  ends={ends}
                  turn={turnOf(transcript, one)}
                  withoutAnswer={isWithoutAnswer(transcript, one)}
                />
                {one.parts.sent &&
                  mayAct &&
                  ends.filter(isStuck).map(({ crossing, state }) => (
                    <div key={crossing.id} className="mx-3 mt-1 rounded-card border border-fail bg-raised">
                      <SettleButtons conveyanceId={crossing.id} unknown={state === 'outcome_unknown'} />
                    </div>
                  ))}
              </div>
            );
          }}
        />
        <div {...stageRoles.none} className="min-h-4 flex-none pb-3">
          <WritingRows texts={writing} side="right" />
        </div>
      </div>
      <PastEdge past={past} />
      <FreshPill axis={axis} />
    </div>
  );
}

/** What crossed the channel, in its own order, below 900 px. */
export function ChannelStage({ transcript, live, past, ahead, control, empty, label, kept }: NarrowProps) {
  const list = transcript.channel;
  const scroller = useRef<HTMLDivElement>(null);
  const { items, ...axis } = useAxis(scroller, {
    list,
    keep: null,
    loadOlder: past.loadOlder,
    ahead,
    tail: live.channel.last()?.place ?? 0,
    kept,
  });
  useAxisControl(control, axis, { placeOf: () => null });
  return (
    <div className="relative min-h-0 flex-1 bg-sunken">
      <div ref={axis.scroller} {...stageRoles.list(label)} className={scrollerClass}>
        {list.size === 0 && empty}
        <AxisBody
          axis={axis}
          items={items}
          as="item"
          short="start"
          render={(item) =>
            item.kind === 'draft' ? (
              <CallLine call={item.call} />
            ) : item.kind === 'tick' ? (
              <div className="px-3 py-1.5">
                <TickLine tick={item.tick} />
              </div>
            ) : (
              <CrossingLine end={crossingEnd(transcript, item.crossing)} shown={transcript.shown} />
            )
          }
        />
      </div>
      <PastEdge past={past} />
      <FreshPill axis={axis} />
    </div>
  );
}
