'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import Link from 'next/link';
import { Button } from '@/components/ui/button';
import { LoadFailed } from '@/components/ui/load-failed';
import { Panel } from '@/components/ui/panel';
import { LoadingRows } from '@/components/ui/skeleton';
import { showToast } from '@/components/ui/toast';
import { useMay } from '@/lib/client/caller';
import { conversationsQuery, REFRESH_MS } from '@/lib/client/queries';
import { useStartDemo } from '@/lib/client/settings-mutations';
import { LiveRow } from './live-row';

const SHOWN_MAX = 8;
/** So few leave room for more than the last words of each. */
const FEW = 2;

/** The conversations that something happened in last, with their last words. */
export function LivePanel({ sandbox }: { sandbox: boolean }) {
  const conversations = useQuery({ ...conversationsQuery, refetchInterval: REFRESH_MS });
  const items = conversations.data?.items ?? [];
  const shown = items.slice(0, SHOWN_MAX);
  const open = items.filter((conversation) => conversation.state !== 'stopped').length;
  return (
    <Panel
      title="Live"
      beside={
        conversations.data && `${items.length} ${items.length === 1 ? 'conversation' : 'conversations'}, ${open} open`
      }
      end={<Link href="/conversations">All conversations</Link>}
    >
      {conversations.isPending && <LoadingRows rows={3} rowClass="h-14" what="conversations" />}
      {conversations.isError && !conversations.data && (
        <LoadFailed
          what="The conversations"
          error={conversations.error}
          busy={conversations.isFetching}
          onRetry={() => void conversations.refetch()}
        />
      )}
      {conversations.data && items.length === 0 && <NothingRuns sandbox={sandbox} />}
      <ul>
        {shown.map((conversation) => (
          <LiveRow key={conversation.id} conversation={conversation} lines={items.length > FEW ? 1 : 4} />
        ))}
      </ul>
    </Panel>
  );
}

function NothingRuns({ sandbox }: { sandbox: boolean }) {
  const mayOperate = useMay('operator');
  const demo = useStartDemo();
  const start = () => demo.mutate(null, { onError: (error) => showToast({ text: error.message, tone: 'fail' }) });
  return (
    <div className="px-3 py-4">
      <p className="font-name">No conversation yet</p>
      <p className="mt-0.5 mb-3 text-pretty text-text-2">
        A conversation seats two or more agents and shows them side by side, with what travels between them.
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
