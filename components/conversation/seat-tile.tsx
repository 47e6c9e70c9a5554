'use client';

import { Tile } from '@/components/ui/tile';
import type { SeatId } from '@/lib/protocol/ids';
import { useStage } from './stage-context';

/** Who sits in a seat: its agent's square, or the circle of the person in its place. */
export function SeatTile({ seat, size }: { seat: SeatId; size: 'small' | 'regular' | 'large' }) {
  const { who } = useStage();
  const one = who[seat];
  if (one?.holder) return <Tile name={one.holder} hue="human" size={size} />;
  return <Tile name={one?.name ?? '?'} hue={one?.hue ?? 'd'} letters={one?.letters ?? '?'} size={size} />;
}
