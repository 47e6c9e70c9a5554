'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { SeatTiles } from '@/components/shell/seat-tiles';
import { useSteadyFirst } from '@/components/shell/use-steady-first';
import { commandClass } from '@/components/tasks/command-class';
import { needsSomebody, stateDetail } from '@/components/tasks/silence-words';
import { TaskStateBadge } from '@/components/tasks/task-state-badge';
import { classNames } from '@/components/ui/class-names';
import { Count } from '@/components/ui/count';
import { counted, countText } from '@/components/ui/count-text';
import { Countdown } from '@/components/ui/countdown';
import { oneLine } from '@/components/ui/cut-text';
import { HostileText } from '@/components/ui/hostile-text';
import { lazyModule } from '@/components/ui/lazy-module';
import { LoadFailed } from '@/components/ui/load-failed';
import { Panel } from '@/components/ui/panel';
import { useNow } from '@/components/ui/relative-time';
import { LoadingRows } from '@/components/ui/skeleton';
import { StateBadge } from '@/components/ui/state-badge';
import { conversationsQuery } from '@/lib/client/conversation-queries';
import { waitingDraftsQuery } from '@/lib/client/draft-queries';
import { useLiveFleet } from '@/lib/client/task-live';
import type { Conversation } from '@/lib/protocol/conversation';
import type { Draft } from '@/lib/protocol/draft';
import type { Task } from '@/lib/protocol/task';
import { waitingIn } from './waiting-in';

const firstDraft = lazyModule(() => import('./first-draft'));

const SHOWN_MAX = 4;
const rowClass = 'relative border-line border-t px-3 first:border-t-0 hover:bg-hover';

/**
 * What does not go on without a person: drafts, the oldest deadline first and that one to be answered here; tasks that
 * somebody should look at; conversations that stand still.
 */
export function WaitsPanel() {
  const drafts = useQuery(waitingDraftsQuery);
  const tasks = (useLiveFleet().data?.items ?? []).filter(needsSomebody);
  const waiting = drafts.data?.items ?? [];
  const conversations = waitingIn(useQuery(conversationsQuery).data?.items ?? [], waiting);
  const [first] = useSteadyFirst(waiting);
  const others = waiting.filter((draft) => draft !== first);
  // Asked for with the drafts and not after them; no draft stands there before its keys answer it.
  const [isPlain, setPlain] = useState(false);
  const answering = firstDraft.useLoaded(!isPlain, () => setPlain(true));
  const isComing = first !== undefined && !answering && !isPlain;
  const all = waiting.length + tasks.length + conversations.length;
  return (
    <Panel title="Waits for you" beside={<Count value={all} waiting />} end={<Link href="/drafts">Inbox</Link>}>
      {(drafts.isPending || isComing) && <LoadingRows rows={1} rowClass="h-14" what="drafts" />}
      <LoadFailed what="The drafts" query={drafts} />
      {drafts.data && all === 0 && (
        <p className="px-3 py-2.5 text-pretty text-text-2">
          Nothing waits. A message that is held, or a task that needs somebody, appears here.
        </p>
      )}
      <ul>
        {first && answering && <answering.FirstDraft key={first.id} draft={first} />}
        {first && isPlain && <WaitingDraft draft={first} />}
        {others.slice(0, SHOWN_MAX - 1).map((draft) => (
          <WaitingDraft key={draft.id} draft={draft} />
        ))}
        {tasks.slice(0, SHOWN_MAX).map((task) => (
          <WaitingTask key={task.id} task={task} />
        ))}
        {conversations.slice(0, SHOWN_MAX).map((conversation) => (
          <WaitingConversation key={conversation.id} conversation={conversation} />
        ))}
      </ul>
      <More drafts={others.length - SHOWN_MAX + 1} tasks={tasks.length - SHOWN_MAX} />
    </Panel>
  );
}

function More({ drafts, tasks }: { drafts: number; tasks: number }) {
  if (drafts <= 0 && tasks <= 0) return null;
  return (
    <p className="flex gap-3 border-line border-t px-3 py-1.5 text-meta text-text-2">
      {drafts > 0 && <Link href="/drafts">{countText(drafts)} more in the inbox</Link>}
      {tasks > 0 && <Link href="/tasks?show=need">{counted(tasks, 'more task')}</Link>}
    </p>
  );
}

const WaitingDraft = ({ draft: { id, from, to, content, createdAt, expiresAt } }: { draft: Draft }) => (
  <li className={`${rowClass} py-2`}>
    <div className="flex min-w-0 items-center gap-2">
      <Link
        href={`/drafts/${id}`}
        className="min-w-0 flex-1 truncate font-name no-underline after:absolute after:inset-0"
      >
        <HostileText text={`${from.name} to ${to.name}`} wrap={false} ours />
      </Link>
      <Countdown from={createdAt} until={expiresAt} />
    </div>
    <p className="truncate text-text-2">
      <HostileText text={oneLine(content)} wrap={false} />
    </p>
  </li>
);

function WaitingTask({ task }: { task: Task }) {
  const now = useNow();
  const detail = now === null ? '' : stateDetail(task, now);
  return (
    <li className={`${rowClass} py-2`}>
      <div className="flex min-w-0 items-center gap-3">
        <Link
          href={`/tasks/${encodeURIComponent(task.id)}`}
          className={classNames(
            'min-w-0 flex-1 truncate no-underline after:absolute after:inset-0',
            commandClass(task.command),
          )}
        >
          <HostileText text={task.command} wrap={false} />
        </Link>
        <TaskStateBadge state={task.state} className="flex-none" />
      </div>
      {detail !== '' && <p className="truncate text-meta text-text-2">{detail}</p>}
    </li>
  );
}

const WaitingConversation = ({ conversation: { id, title, seats, state } }: { conversation: Conversation }) => (
  <li className={`${rowClass} flex min-h-9 items-center gap-2.5`}>
    <SeatTiles seats={seats} />
    <Link
      href={`/conversations/${id}`}
      prefetch={false}
      className="min-w-0 flex-1 truncate no-underline after:absolute after:inset-0"
    >
      <HostileText text={title} wrap={false} />
    </Link>
    <StateBadge state={state} word={state === 'waiting' ? 'At an unanswered call' : 'Paused'} />
  </li>
);
