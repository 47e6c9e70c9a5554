'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { SeatTiles } from '@/components/shell/seat-tiles';
import { Count } from '@/components/ui/count';
import { Countdown } from '@/components/ui/countdown';
import { HostileText } from '@/components/ui/hostile-text';
import { Panel } from '@/components/ui/panel';
import { StateBadge } from '@/components/ui/state-badge';
import { waitingDraftsQuery } from '@/lib/client/draft-queries';
import { conversationsQuery } from '@/lib/client/queries';
import type { Conversation } from '@/lib/protocol/conversation';
import type { Draft } from '@/lib/protocol/draft';
import { waitingIn } from './waiting-in';

const SHOWN_MAX = 4;

/** What does not go on without a person: drafts, the oldest deadline first, and conversations that stand still. */
export function WaitsPanel() {
  const drafts = useQuery(waitingDraftsQuery).data?.items ?? [];
  const conversations = waitingIn(useQuery(conversationsQuery).data?.items ?? [], drafts);
  const all = drafts.length + conversations.length;
  return (
    <Panel title="Waits for you" beside={<Count value={all} waiting />} end={<Link href="/drafts">Inbox</Link>}>
      {all === 0 && <p className="px-3 py-2.5 text-text-2">Nothing waits. A held message appears here.</p>}
      <ul>
        {drafts.slice(0, SHOWN_MAX).map((draft) => (
          <WaitingDraft key={draft.id} draft={draft} />
        ))}
        {conversations.slice(0, SHOWN_MAX).map((conversation) => (
          <WaitingConversation key={conversation.id} conversation={conversation} />
        ))}
      </ul>
      {drafts.length > SHOWN_MAX && (
        <p className="border-line border-t px-3 py-1.5 text-meta text-text-2">
          <Link href="/drafts">{drafts.length - SHOWN_MAX} more in the inbox</Link>
        </p>
      )}
    </Panel>
  );
}

const WaitingDraft = ({ draft: { id, from, to, content, createdAt, expiresAt } }: { draft: Draft }) => (
  <li className="relative border-line border-t px-3 py-2 first:border-t-0 hover:bg-hover">
    <div className="flex min-w-0 items-center gap-2">
      <Link
        href={`/drafts/${id}`}
        className="min-w-0 flex-1 truncate font-name no-underline after:absolute after:inset-0"
      >
        <HostileText text={`${from.name} to ${to.name}`} wrap={false} />
      </Link>
      <Countdown from={createdAt} until={expiresAt} />
    </div>
    <p className="line-clamp-2 text-text-2">
      <HostileText text={content.slice(0, 400)} />
    </p>
  </li>
);

const WaitingConversation = ({ conversation: { id, title, seats, state } }: { conversation: Conversation }) => (
  <li className="relative flex min-h-9 items-center gap-2.5 border-line border-t px-3 first:border-t-0 hover:bg-hover">
    <SeatTiles seats={seats} />
    <Link href={`/conversations/${id}`} className="min-w-0 flex-1 truncate no-underline after:absolute after:inset-0">
      <HostileText text={title} wrap={false} />
    </Link>
    <StateBadge state={state} word={state === 'waiting' ? 'At an unanswered call' : 'Paused'} />
  </li>
);
