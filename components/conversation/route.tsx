'use client';

import { ArrowLeft, ArrowRight } from 'lucide-react';
import { Tile } from '@/components/ui/tile';
import type { Crossing } from '@/lib/domain/transcript/crossing';
import { authorName, receiverName } from './crossing-end';
import { useStage, type Who } from './stage-context';

type RouteProps = {
  crossing: Pick<Crossing, 'from' | 'fromName' | 'to' | 'toName'> & { spokenBy?: string | null };
  /** Seats at the left and at the right: what goes leftwards is drawn so. */
  shown: readonly string[];
  size?: 'small' | 'regular';
};

/** From whom to whom in the geography of the screen: A ← B where B sits at the right. */
export function Route({ crossing, shown, size = 'small' }: RouteProps) {
  const { who } = useStage();
  const names = { from: authorName(crossing, who), to: receiverName(crossing, who) };
  const isLeftwards = crossing.from !== null && crossing.from === shown[1];
  const Arrow = isLeftwards ? ArrowLeft : ArrowRight;
  const from = crossing.spokenBy ? (
    <Tile name={crossing.spokenBy} hue="human" size={size} />
  ) : (
    <EndTile seat={crossing.from} name={names.from} size={size} />
  );
  const to = <EndTile seat={crossing.to} name={names.to} size={size} />;
  return (
    <span className="inline-flex flex-none items-center gap-1.5">
      {isLeftwards ? to : from}
      <Arrow aria-hidden="true" size={14} strokeWidth={1.5} className="flex-none text-text-3" />
      {isLeftwards ? from : to}
      <span className="sr-only">
        {names.from} to {names.to}
      </span>
    </span>
  );
}

/** A message that was refused went to no seat; its receiver may sit in one all the same, and has its colour. */
function onlyNamed(name: string, who: Who): Who[string] | undefined {
  const [one, ...others] = Object.values(who).filter((each) => each.name === name);
  return others.length === 0 ? one : undefined;
}

function EndTile({ seat, name, size }: { seat: string | null; name: string; size: 'small' | 'regular' }) {
  const { who } = useStage();
  const one = seat === null ? onlyNamed(name, who) : who[seat];
  return <Tile name={name} hue={one?.hue ?? 'd'} size={size} {...(one ? { letters: one.letters } : {})} />;
}
