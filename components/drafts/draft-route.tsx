import { ArrowRight } from 'lucide-react';
import { HostileText } from '@/components/ui/hostile-text';
import { seatHue } from '@/components/ui/seat-hue';
import { Tile } from '@/components/ui/tile';
import type { Draft } from '@/lib/protocol/draft';

type DraftRouteProps = { draft: Pick<Draft, 'from' | 'to' | 'kind'>; size?: 'small' | 'regular' };

/** Who asks whom: tiles and names, an arrow between them. A tool has a slate tile. */
export function DraftRoute({ draft: { from, to, kind }, size = 'small' }: DraftRouteProps) {
  return (
    <span className="flex min-w-0 items-center gap-1.5 font-name">
      <span className="flex min-w-0 max-w-[52%] flex-none items-center gap-1.5">
        <Tile name={from.name} hue={from.seat ? seatHue(from.seat) : 'd'} size={size} />
        <span className="truncate">
          <HostileText text={from.name} wrap={false} />
        </span>
      </span>
      <ArrowRight aria-hidden="true" size={14} strokeWidth={1.5} className="flex-none text-text-3" />
      <span className="sr-only"> to </span>
      <span className="flex min-w-0 items-center gap-1.5">
        <Tile
          name={to.name}
          hue={to.seat ? seatHue(to.seat) : 'd'}
          size={size}
          {...(kind === 'tool_call' && !to.agentId ? { letters: 'f' } : {})}
        />
        <span className="truncate">
          <HostileText text={to.name} wrap={false} />
        </span>
      </span>
    </span>
  );
}
