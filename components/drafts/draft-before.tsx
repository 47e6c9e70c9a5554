'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { cutText } from '@/components/ui/cut-text';
import { HostileText } from '@/components/ui/hostile-text';
import { clockTimeText, exactTimeText } from '@/components/ui/relative-time-text';
import { seatHue } from '@/components/ui/seat-hue';
import { ShowAll } from '@/components/ui/show-all';
import { Tile } from '@/components/ui/tile';
import { conversationQuery } from '@/lib/client/conversation-queries';
import { newestEntriesQuery } from '@/lib/client/newest-entries';
import { knownConversationEntry } from '@/lib/protocol/conversation-entry';
import type { Draft } from '@/lib/protocol/draft';

const SHOWN_MAX = 600;

/** Above the draft: the message that its author answers, where it is among the newest of the conversation. */
export function DraftBefore({ draft }: { draft: Draft }) {
  const { conversationId, createdAt, from } = draft;
  const enabled = conversationId !== null && from.seat !== undefined;
  const conversation = useQuery({ ...conversationQuery(conversationId ?? ''), enabled });
  const entries = useQuery({ ...newestEntriesQuery(conversationId ?? '', createdAt), enabled });
  const before = (entries.data?.items ?? [])
    .map(knownConversationEntry)
    .filter((entry) => entry?.type === 'message.received' || entry?.type === 'message.spoken')
    .findLast((entry) => entry.payload.to === from.seat && entry.occurredAt <= createdAt);
  if (!before) return null;
  const seatId = before.type === 'message.received' ? before.payload.from : null;
  const seat = conversation.data?.seats.find(({ id }) => id === seatId);
  const name = seat?.name ?? before.actor.name;
  const at = Date.parse(before.occurredAt);
  const { content } = before.payload;
  return (
    <section aria-label="Before it" className="border-line border-b pb-3">
      <p className="mb-1 flex min-w-0 items-center gap-2 whitespace-nowrap text-meta text-text-3">
        <Tile name={name} hue={seat ? seatHue(seat.id) : before.actor.kind === 'person' ? 'human' : 'd'} size="small" />
        <b className="min-w-0 max-w-[40%] flex-none truncate font-name text-text-2">
          <HostileText text={name} wrap={false} />
        </b>
        <time dateTime={before.occurredAt} title={exactTimeText(at)} className="flex-none font-mono text-micro">
          {clockTimeText(at)}
        </time>
        <span className="min-w-0 truncate">
          the message that <HostileText text={from.name} wrap={false} /> answers
        </span>
      </p>
      <Content key={before.id} content={content} />
    </section>
  );
}

function Content({ content }: { content: string }) {
  const [isWhole, setWhole] = useState(false);
  return (
    <>
      <p className="text-pretty text-talk text-text-2">
        <HostileText text={isWhole ? content : cutText(content, SHOWN_MAX, '…')} />
      </p>
      {content.length > SHOWN_MAX && (
        <ShowAll isWhole={isWhole} onToggle={() => setWhole(!isWhole)} length={content.length} />
      )}
    </>
  );
}
