'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { HostileText } from '@/components/ui/hostile-text';
import { hueClass } from '@/components/ui/seat-hue';
import { StateBadge } from '@/components/ui/state-badge';
import { Tag } from '@/components/ui/tag';
import { Tile } from '@/components/ui/tile';
import type { WritingText } from '@/lib/client/live-writing';
import { agentQuery } from '@/lib/client/queries';
import type { SeatNow } from '@/lib/domain/transcript/seat-turns';
import type { Seat } from '@/lib/protocol/conversation';
import { seatWords } from './seat-words';
import { useStage } from './stage-context';

type SeatHeadProps = {
  seat: Seat;
  now: SeatNow;
  writing: readonly WritingText[];
  /** Messages that came while the reader looked elsewhere. */
  fresh?: number;
};

/** Who sits here, with which model, and what they are doing. */
export function SeatHead({ seat, now, writing, fresh = 0 }: SeatHeadProps) {
  const { who, mayAct, interrupt } = useStage();
  const agent = useQuery(agentQuery(seat.agentId));
  const one = who[seat.id];
  const { state, word } = seatWords(now, writing);
  return (
    <div
      className={classNames(
        'flex h-full min-w-0 items-center gap-2 border-t-2 border-seat bg-surface px-3 max-desk:border-t-0 wide:gap-3 wide:px-4',
        one && hueClass[one.hue],
      )}
    >
      <Tile name={seat.name} hue={one?.hue ?? 'd'} letters={one?.letters ?? '?'} size="large" />
      <div className="grid min-w-0 gap-0.5">
        <div className="flex min-w-0 items-center gap-2">
          <h2 className="min-w-0 max-w-48 truncate font-strong text-talk">
            <Link href={`/agents/${encodeURIComponent(seat.agentId)}`} className="no-underline hover:underline">
              <HostileText text={seat.name} wrap={false} />
            </Link>
          </h2>
          {fresh > 0 && (
            <Tag className="flex-none">
              {fresh}
              <span className="hidden wide:inline"> new</span>
            </Tag>
          )}
          <StateBadge state={state} word={word} />
        </div>
        <div className="flex min-w-0 items-center gap-2 font-mono text-micro text-text-3">
          {agent.data?.model && (
            <span className="min-w-0 truncate">
              <HostileText text={agent.data.model} wrap={false} />
            </span>
          )}
          <span className="hidden min-w-0 truncate wide:inline" title={seat.agentId}>
            <HostileText text={shortId(seat.agentId)} wrap={false} />
          </span>
        </div>
      </div>
      {now.kind === 'running' && mayAct && (
        <Button size="small" className="ml-auto" onClick={() => interrupt(seat.id)}>
          Interrupt
        </Button>
      )}
    </div>
  );
}

/** `agent-eb00c24c` of an id with a UUID behind its kind; any other as it is. */
const shortId = (id: string) => /^([a-z]+-[0-9a-f]{8})-[0-9a-f]{4}-/.exec(id)?.[1] ?? id;
