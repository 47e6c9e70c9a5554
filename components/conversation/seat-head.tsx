'use client';

import { useQuery } from '@tanstack/react-query';
import { Armchair } from 'lucide-react';
import Link from 'next/link';
import { useEffect, useRef } from 'react';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { withHiddenWrittenOut } from '@/components/ui/hidden-characters';
import { HostileText } from '@/components/ui/hostile-text';
import { lazyModule } from '@/components/ui/lazy-module';
import { hueClass } from '@/components/ui/seat-hue';
import { StateBadge } from '@/components/ui/state-badge';
import { Tag } from '@/components/ui/tag';
import { tellNotLoaded } from '@/components/ui/tell-not-loaded';
import { Tile } from '@/components/ui/tile';
import { showToast } from '@/components/ui/toast';
import { agentQuery } from '@/lib/client/agent-queries';
import { ApiError } from '@/lib/client/api';
import { lettaServersQuery } from '@/lib/client/letta-servers-query';
import { useInvalidation } from '@/lib/client/live-view';
import type { WritingText } from '@/lib/client/live-writing';
import { useTakeSeat } from '@/lib/client/seat-mutations';
import type { SeatNow } from '@/lib/domain/transcript/seat-turns';
import type { Seat } from '@/lib/protocol/conversation';
import type { ConversationId } from '@/lib/protocol/ids';
import { conversationStreamName, systemStreamName } from '@/lib/protocol/stream-names';
import { justHandedBack, justTaken, seatKey } from './just-taken';
import { LEASE_SECONDS } from './lease-seconds';
import { seatHeadClass } from './seat-head-class';
import { SeatTile } from './seat-tile';
import { seatWords } from './seat-words';
import { useStage } from './stage-context';

/** Loaded with the first seat in which a person sits; its room is kept. */
const heldSeatHead = lazyModule(() => import('./held-seat-head'));

type SeatHeadProps = {
  conversationId: ConversationId;
  /** The Letta server where its agent lives. */
  server: string;
  seat: Seat;
  now: SeatNow;
  writing: readonly WritingText[];
  /** Messages that came while the reader looked elsewhere. */
  fresh?: number;
};

/** Who sits here: the agent, or the person in its place. */
export function SeatHead(props: SeatHeadProps) {
  const { holder } = props.seat;
  const held = heldSeatHead.useLoaded(holder !== null, tellNotLoaded);
  if (!holder) return <AgentHead {...props} />;
  if (held) return <held.HeldSeatHead conversationId={props.conversationId} seat={props.seat} holder={holder} />;
  return (
    <div className={`seat-human ${seatHeadClass}`}>
      <SeatTile seat={props.seat.id} size="large" />
      <h2 className="min-w-0 truncate font-strong text-talk">
        <HostileText text={props.seat.name} wrap={false} />
      </h2>
    </div>
  );
}

/** The agent, with which model, and what it is doing. */
function AgentHead({ conversationId, server, seat, now, writing, fresh = 0 }: SeatHeadProps) {
  const { who, mayAct, interrupt } = useStage();
  const agent = useQuery(agentQuery(seat.agentId));
  useInvalidation({
    streams: [conversationStreamName(conversationId), systemStreamName],
    queryKeys: [agentQuery(seat.agentId).queryKey],
    when: ({ type }) => type === 'memory.changed' || type === 'letta.connected',
  });
  const servers = useQuery(lettaServersQuery);
  // Of a server that is not connected nobody knows what it holds.
  const isConnected = servers.data?.items.some(({ name, state }) => name === server && state === 'connected') ?? false;
  const isGone = isConnected && agent.error instanceof ApiError && agent.error.status === 404;
  const one = who[seat.id];
  const { state, word } = seatWords(now, writing);
  return (
    <div className={classNames(seatHeadClass, one && hueClass[one.hue])}>
      <Tile name={seat.name} hue={one?.hue ?? 'd'} letters={one?.letters ?? '?'} size="large" />
      <div className="min-w-0 gap-x-2 gap-y-0.5 max-desk:flex max-desk:flex-1 max-desk:flex-wrap max-desk:items-center desk:grid">
        <div className="flex min-w-0 items-center gap-2 max-desk:contents">
          <h2 className="min-w-0 max-w-48 truncate font-strong text-talk max-desk:max-w-full max-desk:basis-full">
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
          {isGone ? <StateBadge state="stopped" word="Deleted" /> : <StateBadge state={state} word={word} />}
        </div>
        <div className="flex min-w-0 items-center gap-2 font-mono text-micro text-text-3 max-desk:flex-1 max-desk:basis-0">
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
      {mayAct && (
        <span className="ml-auto flex flex-none items-center gap-2">
          {now.kind !== 'idle' && (
            <Button
              size="small"
              title={
                now.kind === 'waiting'
                  ? 'Gives up the call at which it waits, and what of it waits for you.'
                  : undefined
              }
              onClick={() => interrupt(seat.id)}
            >
              Interrupt
            </Button>
          )}
          <TakeSeat conversationId={conversationId} seat={seat} />
        </span>
      )}
    </div>
  );
}

/** The way into the agent's seat; its turn is interrupted. */
function TakeSeat({ conversationId, seat }: Pick<SeatHeadProps, 'conversationId' | 'seat'>) {
  const take = useTakeSeat(conversationId);
  const name = withHiddenWrittenOut(seat.name);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (justHandedBack.get() !== seatKey(conversationId, seat.id)) return;
    justHandedBack.set(null);
    button.current?.focus();
  }, [conversationId, seat.id]);
  return (
    <Button
      ref={button}
      size="small"
      icon={Armchair}
      busy={take.isPending}
      title={`Interrupts ${name}. You speak in its place for ${LEASE_SECONDS / 60} minutes, or until you hand back.`}
      onClick={() => {
        justTaken.set(seatKey(conversationId, seat.id)); // now: the stream may be faster than the answer, and take this away
        take.mutate(
          { seat: seat.id, leaseSeconds: LEASE_SECONDS },
          {
            onError: (error) => {
              justTaken.set(null);
              showToast({ text: `${name}’s seat was not taken: ${error.message}`, tone: 'fail' });
            },
          },
        );
      }}
    >
      <span className="desk:max-wide:sr-only">Take seat</span>
    </Button>
  );
}

/** `agent-eb00c24c` of an id with a UUID behind its kind; any other as it is. */
const shortId = (id: string) => /^([a-z]+-[0-9a-f]{8})-[0-9a-f]{4}-/.exec(id)?.[1] ?? id;
