'use client';

import { HostileText } from '@/components/ui/hostile-text';
import { clockTimeText, exactTimeText } from '@/components/ui/relative-time-text';
import { Tile } from '@/components/ui/tile';
import type { Tick } from '@/lib/domain/transcript/read-entry';
import { useStage } from './stage-context';

type TakenCardProps = { tick: Tick; told: Extract<Tick['told'], { kind: 'taken' }> };

/** A person sat down in an agent's place: what that means for those who look on. */
export function TakenCard({ tick, told }: TakenCardProps) {
  const { who } = useStage();
  const at = Date.parse(tick.at);
  const name = who[told.seat]?.name ?? told.seat.toUpperCase();
  return (
    <div className="relative z-1 my-2 rounded-card border border-human bg-human-wash px-3 py-2">
      <div className="flex min-w-0 items-center gap-2">
        <Tile name={told.holder.name} hue="human" />
        <b className="min-w-0 flex-1 truncate font-name text-ui">
          <HostileText text={`${told.holder.name} took ${name}’s seat`} wrap={false} ours />
        </b>
        <time dateTime={tick.at} title={exactTimeText(at)} className="flex-none font-mono text-micro text-text-3">
          {clockTimeText(at)}
        </time>
      </div>
      <p className="mt-1 text-meta text-pretty text-text-2">
        {told.reason && (
          <span className="block text-text">
            <HostileText text={`“${told.reason}”`} />
          </span>
        )}
        {name} is interrupted; what it still writes is kept back in its pane. The others go on reading the name {name},
        the ledger names <HostileText text={told.holder.name} wrap={false} />.
      </p>
    </div>
  );
}
