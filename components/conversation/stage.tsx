'use client';

import { useMemo, useRef, useState } from 'react';
import { lazyModule } from '@/components/ui/lazy-module';
import { useStore } from '@/components/ui/store';
import { tellNotLoaded } from '@/components/ui/tell-not-loaded';
import type { WritingText } from '@/lib/client/live-writing';
import type { Moment } from '@/lib/domain/transcript/moments';
import { momentIndexOf, rowsOf } from '@/lib/domain/transcript/row-order';
import { findRow, type Transcript } from '@/lib/domain/transcript/transcript-state';
import type { Ahead } from './ahead';
import { AxisBody, scrollerClass } from './axis-body';
import { type AxisControl, useAxisControl } from './axis-control';
import { channelMarks } from './channel-mark';
import { DayLine, dayBetween } from './day-line';
import { FreshPill } from './fresh-pill';
import { mayHavePast } from './may-have-past';
import { columns, MomentView } from './moment-view';
import { OlderHistory } from './older-history';
import type { Past } from './past-edge';
import { useStage } from './stage-context';
import { stageRoles } from './stage-roles';
import { useAbove } from './use-above';
import { useAxis } from './use-axis';

/** Drawn over or behind the rows, which do not move for them: loaded after the first painting, and again if that failed. */
const connectors = lazyModule(() => import('./connectors'));
const writingRows = lazyModule(() => import('./writing-rows'));
const pastEdge = lazyModule(() => import('./past-edge'));

type StageProps = {
  conversationId: string;
  transcript: Transcript;
  live: Transcript;
  writing: ReadonlyMap<string, readonly WritingText[]>;
  past: Past;
  ahead: Ahead;
  label: string;
  control: AxisControl;
  heads: React.ReactNode;
  /** Instead of rows, while nothing has been said. */
  empty: React.ReactNode;
};

/** Two panes and the channel on one time axis, from 900 px on: a table of moments. */
export function Stage({
  conversationId,
  transcript,
  live,
  writing,
  past,
  ahead,
  label,
  control,
  heads,
  empty,
}: StageProps) {
  const { current } = useStage();
  const currentId = useStore(current, (id) => id);
  const row = currentId === null ? undefined : findRow(transcript, currentId);
  const [focused, setFocused] = useState<number | null>(null); // place of the moment in which somebody writes or stands
  const { list } = transcript.moments;
  const scroller = useRef<HTMLDivElement>(null);
  const above = useAbove(scroller);
  const { items, ...axis } = useAxis(scroller, {
    list,
    keep: focused !== null ? list.floorIndex(focused) : row ? momentIndexOf(transcript, row) : null,
    loadOlder: past.loadOlder,
    ahead,
    tail: live.moments.list.last()?.place ?? 0,
    above: above.height,
  });
  useAxisControl(control, axis, {
    placeOf: (one) => list.at(momentIndexOf(transcript, one))?.place ?? null,
  });
  const drawn = useMemo(
    () => [items[0]?.item.place ?? 0, lastPlaceIn(transcript, items.at(-1)?.item)] as const,
    [items, transcript],
  );
  channelMarks.useLoaded(true, tellNotLoaded); // lines are measured anew when these stand there
  const [left, right] = transcript.shown;
  const [lines, writes, edge] = [connectors.useLoaded(true), writingRows.useLoaded(true), pastEdge.useLoaded(true)];
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div {...stageRoles.table(label, list.size + 1)} className="flex min-h-0 flex-1 flex-col">
        {heads}
        <div {...stageRoles.none} className="relative min-h-0 flex-1">
          <Ground />
          {/* biome-ignore lint/a11y/noStaticElementInteractions: it hears where the focus is, and does nothing else */}
          <div
            ref={axis.scroller}
            {...stageRoles.group}
            onFocus={({ target }) => {
              const index = Number(target.closest('[data-index]')?.getAttribute('data-index') ?? Number.NaN);
              setFocused(items.find(({ virtual }) => virtual.index === index)?.item.place ?? null);
            }}
            onBlur={() => setFocused(null)}
            className={scrollerClass}
          >
            {transcript.shown.some((seat) => mayHavePast(transcript, seat)) && (
              <div {...stageRoles.row(2)} ref={above.ref} className={`${columns} relative flex-none items-end`}>
                <div {...stageRoles.cell} className="min-w-0">
                  {left && mayHavePast(transcript, left) && (
                    <OlderHistory {...{ conversationId, seat: left, side: 'left', onGrown: above.onGrown }} />
                  )}
                </div>
                <div {...stageRoles.cell} />
                <div {...stageRoles.cell} className="min-w-0">
                  {right && mayHavePast(transcript, right) && (
                    <OlderHistory {...{ conversationId, seat: right, side: 'right', onGrown: above.onGrown }} />
                  )}
                </div>
              </div>
            )}
            {list.size === 0 && empty}
            <AxisBody
              axis={axis}
              items={items}
              as="row"
              behind={
                <>
                  <ChannelMark />
                  {lines && <lines.Connectors transcript={transcript} container={axis.container} drawn={drawn} />}
                </>
              }
              render={(moment, index) => (
                <DatedMoment transcript={transcript} moment={moment} before={list.at(index - 1)} />
              )}
            />
            <div {...stageRoles.none} className={`${columns} min-h-4 flex-none pb-3`}>
              <div className="min-w-0">
                {writes && <writes.WritingRows texts={writing.get(left ?? '') ?? []} side="left" />}
              </div>
              <div />
              <div className="min-w-0">
                {writes && <writes.WritingRows texts={writing.get(right ?? '') ?? []} side="right" />}
              </div>
            </div>
          </div>
        </div>
      </div>
      <div className="absolute inset-x-0 top-16">{edge && <edge.PastEdge past={past} />}</div>
      <FreshPill axis={axis} />
    </div>
  );
}

/** The last place that a moment reaches: arrivals that stand level in it come later than what leads it. */
const lastPlaceIn = (transcript: Transcript, moment: Moment | undefined) =>
  Math.max(0, ...(moment ? rowsOf(transcript, moment) : []).map((row) => row.place));

/** Columns of the ground on which the rows move: pane, channel, pane. */
const Ground = () => (
  <div aria-hidden="true" className={`${columns} absolute inset-0`}>
    <div className="bg-surface" />
    <div className="border-line-strong border-x bg-sunken" />
    <div className="bg-surface" />
  </div>
);

/** Tells the lines where the channel lies. */
const ChannelMark = () => (
  <div aria-hidden="true" className={`${columns} absolute inset-x-0 top-0 h-0`}>
    <div />
    <div data-channel="" />
    <div />
  </div>
);

type DatedMomentProps = { transcript: Transcript; moment: Moment; before: Moment | undefined };

function DatedMoment({ transcript, moment, before }: DatedMomentProps) {
  const day = dayBetween(before && momentTime(transcript, before), momentTime(transcript, moment) ?? '');
  const [last, next] = [before && leader(before), leader(moment)];
  const ruled = Boolean(last && next && last !== next && !day);
  return (
    <>
      {day && (
        <div {...stageRoles.whole}>
          <DayLine day={day} />
        </div>
      )}
      <MomentView transcript={transcript} moment={moment} ruled={ruled} />
    </>
  );
}

const leader = (moment: Moment) => moment.cells[0]?.seat;

function momentTime(transcript: Transcript, moment: Moment): string | undefined {
  const [row] = rowsOf(transcript, moment);
  if (row) return row.at;
  const item = transcript.channel.get(moment.place);
  if (!item) return undefined;
  return item.kind === 'tick' ? item.tick.at : item.kind === 'draft' ? item.call.at : item.crossing.at;
}
