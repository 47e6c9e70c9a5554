'use client';

import { useLayoutEffect } from 'react';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { HostileText } from '@/components/ui/hostile-text';
import { lazyModule } from '@/components/ui/lazy-module';
import { hueClass } from '@/components/ui/seat-hue';
import { tellNotLoaded } from '@/components/ui/tell-not-loaded';
import { useConversationPast } from '@/lib/client/conversation-past';
import type { SeatId } from '@/lib/protocol/ids';
import { DayLine, dayBetween } from './day-line';
import type { Side } from './row-frame';
import { useStage } from './stage-context';

const pastMessage = lazyModule(() => import('./past-message'));

export type PastFromLettaProps = {
  conversationId: string;
  seat: SeatId;
  side: Side;
  /** Called right after a page came in above what the reader looks at. */
  onGrown: () => void;
};

/** Over the oldest row of a pane: what its thread held before Parley looked, read from Letta when the reader asks. */
export function PastFromLetta({ conversationId, seat, side, onGrown }: PastFromLettaProps) {
  const { who } = useStage();
  const { messages, pages, isBeginning, isReading, error, older } = useConversationPast(conversationId, seat);
  const { name, hue } = who[seat] ?? { name: seat.toUpperCase(), hue: 'd' as const };
  const drawn = pastMessage.useLoaded(isReading || messages.length > 0, tellNotLoaded);
  useLayoutEffect(() => {
    if (pages > 0 && drawn) onGrown();
  }, [pages, drawn, onGrown]);
  return (
    <section
      aria-label={`Older history of ${name}`}
      className={classNames('min-w-0 border-line-strong border-b border-dashed bg-sunken pb-1', hueClass[hue])}
    >
      <div className="flex min-h-10 flex-wrap items-center justify-center gap-x-3 gap-y-1 px-3 py-1.5 text-meta text-text-2">
        {error && (
          <span role="alert" className="[overflow-wrap:anywhere]">
            Letta gave no older history: <HostileText text={error.message} />
          </span>
        )}
        {!isBeginning && (
          <Button size="small" busy={isReading} onClick={older}>
            {error ? 'Try again' : isReading ? 'Reading from Letta' : 'Read older history from Letta'}
          </Button>
        )}
        {isBeginning && (
          <span role="status">
            {messages.length > 0 ? 'Here its thread begins.' : 'Letta holds nothing from before.'}
          </span>
        )}
      </div>
      {drawn &&
        messages.map((message, at) => {
          const day = dayBetween(messages[at - 1]?.date, message.date);
          const id = `past:${seat}:${message.messageType}:${message.messageId}`;
          return (
            <div key={id}>
              {day && <DayLine day={day} />}
              <drawn.PastMessage id={id} message={message} side={side} agentName={name} />
            </div>
          );
        })}
      {messages.length > 0 && (
        <p className="px-3 pt-1 text-center text-meta text-text-2">
          Read from Letta, not in the ledger. Below, what Parley has recorded.
        </p>
      )}
    </section>
  );
}
