'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import Link from 'next/link';
import { Button } from '@/components/ui/button';
import { counted } from '@/components/ui/count-text';
import { LoadFailed } from '@/components/ui/load-failed';
import { Panel } from '@/components/ui/panel';
import { useNow } from '@/components/ui/relative-time';
import { LoadingRows } from '@/components/ui/skeleton';
import { tellFailed } from '@/components/ui/tell-failed';
import { useMay } from '@/lib/client/caller';
import { conversationsQuery, REFRESH_MS } from '@/lib/client/conversation-queries';
import { waitingDraftsQuery } from '@/lib/client/draft-queries';
import { useStartDemo } from '@/lib/client/settings-mutations';
import { useLiveFleet } from '@/lib/client/task-live';
import { LiveRow } from './live-row';
import { liveTasks } from './live-tasks';
import { TaskStrip } from './task-strip';

const SHOWN_MAX = 6;
/** So few leave room for more than the last words of each. */
const FEW = 2;

/** What is under way: the conversations that something happened in last, and the tasks. */
export function LivePanel({ sandbox, onlySandbox }: { sandbox: boolean; onlySandbox: boolean }) {
  const now = useNow();
  const conversations = useQuery({ ...conversationsQuery, refetchInterval: REFRESH_MS });
  const fleet = useLiveFleet();
  const drafts = useQuery(waitingDraftsQuery).data?.items ?? [];
  const talks = conversations.data?.items ?? [];
  const tasks = liveTasks(fleet.data?.items ?? [], now ?? 0);
  const isFew = Math.min(talks.length, SHOWN_MAX) + Math.min(tasks.length, SHOWN_MAX) <= FEW;
  const isKnown = conversations.data !== undefined && fleet.data !== undefined;
  return (
    <Panel
      title="Live"
      beside={isKnown && `${counted(talks.length, 'conversation')}, ${counted(tasks.length, 'task')}`}
      end={
        <>
          <Link href="/conversations">All conversations</Link>
          <Link href="/tasks">All tasks</Link>
        </>
      }
    >
      {conversations.isPending && <LoadingRows rows={3} rowClass="h-14" what="conversations" />}
      <LoadFailed what="The conversations" query={conversations} />
      {isKnown && talks.length + tasks.length === 0 && <NothingRuns sandbox={sandbox} />}
      <ul>
        {talks.slice(0, SHOWN_MAX).map((conversation) => (
          <LiveRow
            key={conversation.id}
            conversation={conversation}
            lines={isFew ? 3 : 1}
            labelled={!onlySandbox}
            waiting={drafts.filter(({ conversationId }) => conversationId === conversation.id).length}
          />
        ))}
        {tasks.slice(0, SHOWN_MAX).map((task) => (
          <TaskStrip key={task.id} task={task} />
        ))}
      </ul>
      <LoadFailed what="The tasks" query={fleet} />
    </Panel>
  );
}

function NothingRuns({ sandbox }: { sandbox: boolean }) {
  const mayOperate = useMay('operator');
  const demo = useStartDemo();
  const start = () => demo.mutate(null, { onError: tellFailed });
  return (
    <div className="px-3 py-4">
      <p className="font-name">Nothing is under way</p>
      <p className="mt-0.5 mb-3 text-pretty text-text-2">
        A conversation seats two agents or more and shows them side by side, with what travels between them. A task is
        work that an agent reports about.
      </p>
      {mayOperate && (
        <div className="flex flex-wrap gap-2">
          <Button asChild>
            <Link href="/conversations?new=true">
              <Plus aria-hidden="true" size={14} strokeWidth={1.5} />
              New conversation
            </Link>
          </Button>
          {sandbox && (
            <Button busy={demo.isPending} onClick={start}>
              Let Alice and Bob talk
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
