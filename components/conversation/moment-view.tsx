'use client';

import { classNames } from '@/components/ui/class-names';
import { hueClass } from '@/components/ui/seat-hue';
import type { Moment } from '@/lib/domain/transcript/moments';
import type { Row } from '@/lib/domain/transcript/row';
import { isWithoutAnswer } from '@/lib/domain/transcript/silent-turn';
import { paneOf, type Transcript } from '@/lib/domain/transcript/transcript-state';
import { CallMark, CrossingMark } from './channel-mark';
import type { CrossingEnd } from './crossing-end';
import { crossingEnd, endsOf, turnOf } from './row-ends';
import type { Side } from './row-frame';
import { RowView } from './row-view';
import { useStage } from './stage-context';
import { stageRoles } from './stage-roles';
import { TickLine } from './tick-line';
import { WaitingGhost } from './waiting-ghost';

/** The three columns; every row of the grid, the heads and the composers use them. */
export const columns =
  'grid grid-cols-[minmax(0,1fr)] desk:grid-cols-[minmax(0,1fr)_300px_minmax(0,1fr)] wide:grid-cols-[minmax(0,1fr)_var(--channel)_minmax(0,1fr)]';

type MomentViewProps = {
  transcript: Transcript;
  moment: Moment;
  /** A hairline above: somebody else begins. */
  ruled: boolean;
};

/** One moment: what stands level in both panes, and what lies in the channel between. */
export function MomentView({ transcript, moment, ruled }: MomentViewProps) {
  const [left, right] = transcript.shown;
  const rowAt = (seat: string | undefined) => {
    const cell = moment.cells.find((one) => one.seat !== null && one.seat === seat);
    return cell?.seat ? paneOf(transcript, cell.seat).get(cell.place) : undefined;
  };
  const [leftRow, rightRow] = [rowAt(left), rowAt(right)];
  const awaitedBy = (seat: string | undefined, author: Row | undefined) =>
    author?.parts.sent && endsOf(transcript, author).find((end) => end.state === 'parked' && end.crossing.to === seat);
  return (
    <div className={columns}>
      <PaneCell transcript={transcript} row={leftRow} side="left" ruled={ruled} awaits={awaitedBy(left, rightRow)} />
      <div {...stageRoles.cell} className="relative min-w-0 px-3 py-0.5 wide:px-5">
        <ChannelCell transcript={transcript} moment={moment} rows={[leftRow, rightRow]} />
      </div>
      <PaneCell transcript={transcript} row={rightRow} side="right" ruled={ruled} awaits={awaitedBy(right, leftRow)} />
    </div>
  );
}

type PaneCellProps = {
  transcript: Transcript;
  row: Row | undefined;
  side: Side;
  ruled: boolean;
  /** A message that waits to stand here. */
  awaits: CrossingEnd | undefined;
};

function PaneCell({ transcript, row, side, ruled, awaits }: PaneCellProps) {
  const { who } = useStage();
  const hue = row && who[row.seat]?.hue;
  return (
    <div
      {...stageRoles.cell}
      className={classNames('min-w-0 py-0.5', hue && hueClass[hue], ruled && 'border-line border-t pt-1')}
    >
      {row && (
        <RowView
          row={row}
          side={side}
          ends={endsOf(transcript, row)}
          turn={turnOf(transcript, row)}
          withoutAnswer={isWithoutAnswer(transcript, row)}
        />
      )}
      {!row && awaits && <WaitingGhost end={awaits} side={side} />}
    </div>
  );
}

type ChannelCellProps = { transcript: Transcript; moment: Moment; rows: readonly (Row | undefined)[] };

function ChannelCell({ transcript, moment, rows }: ChannelCellProps) {
  const cell = moment.cells.find((one) => one.seat === null);
  const item = cell && transcript.channel.get(cell.place);
  const sent = rows.flatMap((row) => (row?.parts.sent ? endsOf(transcript, row) : []));
  return (
    <>
      {item?.kind === 'tick' && <TickLine tick={item.tick} />}
      {item?.kind === 'crossing' && (
        <CrossingMark end={crossingEnd(transcript, item.crossing)} shown={transcript.shown} />
      )}
      {item?.kind === 'draft' && <CallMark call={item.call} shown={transcript.shown} />}
      {sent.map((end) => (
        <CrossingMark key={end.crossing.id} end={end} shown={transcript.shown} />
      ))}
    </>
  );
}
