'use client';

import { classNames } from '@/components/ui/class-names';
import { Count } from '@/components/ui/count';
import { HostileText } from '@/components/ui/hostile-text';
import { Keycap } from '@/components/ui/keycap';
import { useStore } from '@/components/ui/store';
import { seatNow } from '@/lib/domain/transcript/transcript';
import type { SeatId } from '@/lib/protocol/ids';
import { ChannelHead } from './channel-head';
import type { LayoutProps } from './layout-props';
import { columns } from './moment-view';
import { SeatComposer } from './seat-composer';
import { SeatHead } from './seat-head';
import { SeatTile } from './seat-tile';
import { Stage } from './stage';
import { NothingSaid } from './stage-notices';
import { stageRoles } from './stage-roles';
import { useUnread } from './use-unread';

const none: readonly SeatId[] = [];

/** Two panes and the channel between them, from 900 px on. */
export function WideConversation(props: LayoutProps) {
  const { conversation, transcript, live, writing, past, ahead, shown, control, maySpeak } = props;
  const unread = useUnread(live, useStore(control, (axis) => axis?.following ?? true) ? shown : none);
  const [left, right] = shown.map((id) => conversation.seats.find((seat) => seat.id === id));
  const head = (seat: typeof left) =>
    seat && (
      <div {...stageRoles.head(seat.name)} className="min-w-0">
        <SeatHead
          conversationId={conversation.id}
          server={conversation.server}
          seat={seat}
          now={seatNow(live, seat.id)}
          writing={writing.get(seat.id) ?? []}
          fresh={unread.get(seat.id) ?? 0}
        />
      </div>
    );
  return (
    <>
      {conversation.seats.length > 2 && <SeatStrip {...props} unread={unread} />}
      <Stage
        conversationId={conversation.id}
        transcript={transcript}
        live={live}
        writing={writing}
        past={past}
        ahead={ahead}
        control={control}
        label={`${left?.name} and ${right?.name}`}
        empty={<NothingSaid conversation={conversation} maySpeak={maySpeak} />}
        heads={
          <div {...stageRoles.row(1)} className={`${columns} h-16 flex-none border-line-strong border-b`}>
            {head(left)}
            <div {...stageRoles.head('Channel')} className="border-line-strong border-x bg-sunken">
              <ChannelHead conversation={conversation} shown={shown} />
            </div>
            {head(right)}
          </div>
        }
      />
      <div className={`${columns} min-h-12 flex-none border-line-strong border-t`}>
        <SeatComposer {...props} seat={shown[0]} />
        <TailStatus control={control} />
        <SeatComposer {...props} seat={shown[1]} />
      </div>
    </>
  );
}

function TailStatus({ control }: Pick<LayoutProps, 'control'>) {
  const following = useStore(control, (axis) => axis?.following ?? true);
  return (
    <div className="flex items-center justify-between gap-2 whitespace-nowrap border-line-strong border-x bg-sunken px-3 text-meta text-text-2 wide:px-5">
      <span>{following ? 'Following the tail' : 'Reading back'}</span>
      <span className="hidden items-center gap-2 wide:flex">
        <Keycap keys="j" />
        <Keycap keys="k" />
        <span>move</span>
        <Keycap keys="?" />
        <span>all keys</span>
      </span>
    </div>
  );
}

/** More than two seats: which two stand side by side. A seat that is chosen takes the place of the one chosen earlier. */
function SeatStrip({ conversation, shown, show, unread }: LayoutProps & { unread: ReadonlyMap<string, number> }) {
  const [left, right] = shown;
  return (
    <fieldset className="flex min-w-0 flex-none items-center gap-1 overflow-x-auto border-line-strong border-b px-3 py-1.5">
      <legend className="sr-only">Seats side by side</legend>
      {conversation.seats.map((seat) => (
        <button
          key={seat.id}
          type="button"
          aria-pressed={shown.includes(seat.id)}
          onClick={() => left && right && !shown.includes(seat.id) && show([right, seat.id])}
          className={classNames(
            'flex h-7 min-w-0 max-w-48 flex-none items-center gap-1.5 rounded-control border px-2 text-meta font-control pointer-coarse:h-11',
            shown.includes(seat.id)
              ? 'border-line-strong bg-press text-text'
              : 'border-transparent text-text-2 hover:bg-hover',
          )}
        >
          <SeatTile seat={seat.id} size="small" />
          <span className="truncate">
            <HostileText text={seat.name} wrap={false} />
          </span>
          {!shown.includes(seat.id) && <Count value={unread.get(seat.id) ?? 0} />}
        </button>
      ))}
    </fieldset>
  );
}
