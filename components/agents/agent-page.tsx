'use client';

import '@/lib/client/schemas-at-hand';
import { useQuery } from '@tanstack/react-query';
import { MessagesSquare, Pencil, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { agentHue } from '@/components/shell/agent-hue';
import { isNoSuch, NoSuch } from '@/components/shell/no-such';
import { usePageHead } from '@/components/shell/page-head';
import { SeatTiles } from '@/components/shell/seat-tiles';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { CopyButton } from '@/components/ui/copy-button';
import { countText } from '@/components/ui/count-text';
import { cutText } from '@/components/ui/cut-text';
import { HostileText } from '@/components/ui/hostile-text';
import { lazyModule } from '@/components/ui/lazy-module';
import { LazyPart } from '@/components/ui/lazy-part';
import { LoadFailed } from '@/components/ui/load-failed';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { LoadingRows } from '@/components/ui/skeleton';
import { StateBadge } from '@/components/ui/state-badge';
import { tellFailed } from '@/components/ui/tell-failed';
import { Tile } from '@/components/ui/tile';
import { showToast } from '@/components/ui/toast';
import { useShortcuts } from '@/components/ui/use-shortcuts';
import { useDeleteAgent } from '@/lib/client/agent-mutations';
import { agentQuery } from '@/lib/client/agent-queries';
import { useMay } from '@/lib/client/caller';
import { conversationsQuery } from '@/lib/client/conversation-queries';
import { useInvalidation } from '@/lib/client/live-view';
import type { Agent } from '@/lib/protocol/agent';
import type { Conversation } from '@/lib/protocol/conversation';
import { fleetStream } from '@/lib/protocol/stream';
import { AgentBlocks } from './agent-blocks';
import { AgentFacts } from './agent-facts';
import { AgentGates } from './agent-gates';
import { AgentTurns } from './agent-turns';

const editAgent = lazyModule(() => import('./edit-agent'));

/** One agent: what it is made of, where it sits, and what can be done with it. */
export function AgentPage({ agentId }: { agentId: string }) {
  const agent = useQuery(agentQuery(agentId));
  const conversations = useQuery(conversationsQuery).data?.items ?? [];
  useInvalidation({
    streams: [fleetStream],
    queryKeys: [agentQuery(agentId).queryKey],
    when: ({ type }) => type !== 'agent.removed',
  });
  usePageHead({ crumb: agent.data?.name ?? null, sandbox: agent.data?.sandbox ?? false });
  if (agent.isPending) return <LoadingRows rows={5} rowClass="h-16" what="the agent" />;
  if (!agent.data) {
    return isNoSuch(agent.error) ? <NoSuch what="agent" /> : <LoadFailed what="The agent" query={agent} />;
  }
  const seated = conversations.filter(({ seats }) => seats.some((seat) => seat.agentId === agentId));
  return (
    <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
      <Head agent={agent.data} conversations={seated} />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-3 p-3 desk:px-4 wide:grid-cols-[minmax(0,1fr)_372px]">
        <div className="grid min-w-0 gap-3">
          <AgentBlocks blocks={agent.data.blocks} />
          <AgentTurns agentId={agentId} conversations={seated} />
        </div>
        <div className="grid min-w-0 gap-3">
          <AgentFacts agent={agent.data} />
          <AgentGates agent={agent.data} />
          <Seats agentId={agentId} conversations={seated} />
        </div>
      </div>
    </div>
  );
}

function Head({ agent, conversations }: { agent: Agent; conversations: readonly Conversation[] }) {
  const [open, setOpen] = useState<'edit' | 'delete' | null>(null);
  const mayChange = useMay('operator');
  useShortcuts('Agent', mayChange ? [{ keys: 'e', label: 'Edit the agent', run: () => setOpen('edit') }] : []);
  return (
    <header className="flex min-h-16 flex-wrap items-center gap-x-3 gap-y-2 border-line-strong border-b bg-surface px-3 py-2 desk:px-4">
      <Tile name={agent.name} hue={agentHue(agent.id, conversations)} size="large" />
      <div className="min-w-0 flex-1 basis-48">
        <div className="flex min-w-0 items-center gap-2">
          <h2 className="truncate font-strong text-talk">
            <HostileText text={agent.name} wrap={false} />
          </h2>
          <StateBadge state={agent.state} className="flex-none" />
        </div>
        <p className="flex min-w-0 items-center gap-1 font-mono text-micro text-text-2">
          <span className="truncate">
            <HostileText text={agent.id} wrap={false} />
          </span>
          <CopyButton label="Copy the id" text={() => agent.id} />
        </p>
      </div>
      {mayChange && (
        <div className="flex flex-none flex-wrap gap-2">
          <Button asChild>
            <Link href="/conversations?new=true">
              <MessagesSquare aria-hidden="true" size={14} strokeWidth={1.5} />
              New conversation
            </Link>
          </Button>
          <Button icon={Pencil} keys="e" onClick={() => setOpen('edit')}>
            Edit
          </Button>
          <Button variant="danger" icon={Trash2} onClick={() => setOpen('delete')}>
            Delete
          </Button>
        </div>
      )}
      <LazyPart part={editAgent} when={open === 'edit'} onFailure={() => setOpen(null)}>
        {({ EditAgent }) => <EditAgent agent={agent} onClose={() => setOpen(null)} />}
      </LazyPart>
      <DeleteAgent
        agent={agent}
        open={open === 'delete'}
        running={conversations.filter(({ state }) => state !== 'stopped').length}
        onOpenChange={(shown) => setOpen(shown ? 'delete' : null)}
      />
    </header>
  );
}

type DeleteAgentProps = { agent: Agent; open: boolean; running: number; onOpenChange: (open: boolean) => void };

function DeleteAgent({ agent, open, running, onOpenChange }: DeleteAgentProps) {
  const router = useRouter();
  const remove = useDeleteAgent(agent.id);
  const confirm = () =>
    remove.mutate(null, {
      onSuccess: () => {
        showToast({ text: `${agent.name} is deleted.` });
        router.push('/agents');
      },
      onError: tellFailed,
    });
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Delete ${agent.name}?`}
      confirm={`Delete ${cutText(agent.name, 40, '…')}`}
      busy={remove.isPending}
      onConfirm={confirm}
      description={`The agent, its memory and its messages are deleted on ${agent.server}. That cannot be undone. What Parley recorded of it stays.`}
    >
      {running > 0 && (
        <p className="text-pretty">
          It sits in {running === 1 ? 'a conversation that is' : `${running} conversations that are`} open:{' '}
          {running === 1 ? 'it stops' : 'they stop'}.
        </p>
      )}
    </ConfirmDialog>
  );
}

const Seats = ({ agentId, conversations }: { agentId: string; conversations: readonly Conversation[] }) => (
  <Panel title="Conversations" beside={countText(conversations.length)}>
    {conversations.length === 0 && <p className="px-3 py-2.5 text-text-2">It sits in none.</p>}
    <ul className="thin-scroll max-h-96 overflow-y-auto">
      {conversations.map(({ id, title, seats, state, lastActivityAt }) => (
        <li
          key={id}
          className="relative flex min-h-9 items-center gap-2.5 border-line border-t px-3 first:border-t-0 hover:bg-hover"
        >
          <SeatTiles seats={seats} />
          <Link
            href={`/conversations/${id}`}
            className="min-w-0 flex-1 truncate no-underline after:absolute after:inset-0"
          >
            <HostileText text={title} wrap={false} />
            <span className="ml-2 font-mono text-micro text-text-3">
              {seats.find((seat) => seat.agentId === agentId)?.threadId}
            </span>
          </Link>
          <StateBadge state={state} />
          <RelativeTime at={lastActivityAt} className="font-mono text-micro text-text-3" />
        </li>
      ))}
    </ul>
  </Panel>
);
