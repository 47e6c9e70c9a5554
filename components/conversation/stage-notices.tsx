'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { buttonClass } from '@/components/ui/button-class';
import { HostileText } from '@/components/ui/hostile-text';
import { sinceText } from '@/components/ui/since-text';
import { StateShape } from '@/components/ui/state-shape';
import { useMay } from '@/lib/client/caller';
import { lettaServersQuery } from '@/lib/client/letta-servers-query';
import type { Conversation } from '@/lib/protocol/conversation';

/** Above the panes: the agents’ server is away, and what follows from that. */
export function ServerNotice({ conversation }: { conversation: Conversation }) {
  const servers = useQuery(lettaServersQuery);
  const maySettings = useMay('admin');
  if (!servers.data) return null;
  const server = servers.data.items.find((one) => one.name === conversation.server);
  if (!server) return conversation.state === 'stopped' ? null : <NoServerNotice conversation={conversation} />;
  if (server.state === 'connected' || server.state === 'connecting') return null;
  return (
    <Notice>
      <span className="font-strong">
        {server.name} {server.state === 'refused' ? 'does not let Parley in' : 'does not answer'}
      </span>{' '}
      since {sinceText(Date.parse(server.since), Date.now())}
      {server.reason && ': '}
      {server.reason && <HostileText text={server.reason.replace(/\.$/, '')} />}.{' '}
      {conversation.state !== 'stopped' && 'What is said waits here and goes on when it is back.'}
      {maySettings && <LookIntoIt />}
    </Notice>
  );
}

/** A server that is not among the connected ones: a sandbox that is switched off, or one that the environment named. */
function NoServerNotice({ conversation }: { conversation: Conversation }) {
  const maySettings = useMay('admin');
  return (
    <Notice>
      <span className="font-strong">
        {conversation.sandbox ? 'The sandbox is switched off.' : `${conversation.server} is not connected.`}
      </span>{' '}
      What is said waits here and goes on when it is back.
      {maySettings && <LookIntoIt />}
    </Notice>
  );
}

const LookIntoIt = () => (
  <Link href="/settings" className={`${buttonClass('plain', 'small')} ml-2`}>
    Look into it
  </Link>
);

/** Above the panes: the conversation does not go on, and why. */
export function StandingNotice({ conversation }: { conversation: Conversation }) {
  if (conversation.state === 'paused') {
    return (
      <Notice>
        <span className="font-strong">Paused.</span> {pausedText(conversation)}
      </Notice>
    );
  }
  if (conversation.state !== 'stopped') return null;
  return (
    <Notice shape="square">
      <span className="font-strong">Stopped.</span>{' '}
      {conversation.stoppedReason && <HostileText text={conversation.stoppedReason} />} Nothing more is carried here.{' '}
      <Link href="/conversations" className="underline">
        Open another conversation
      </Link>{' '}
      with its agents to go on.
    </Notice>
  );
}

const pausedText = ({ conveyance }: Conversation) =>
  conveyance === 'engine'
    ? 'What people say here waits until somebody lets it go on. What the agents send each other Letta delivers itself: that goes on. Adopt the conversation to hold that, too.'
    : 'Turns that run come to their end; nothing new is carried until somebody lets it go on.';

type NoticeProps = { shape?: 'diamond' | 'square'; children: React.ReactNode };

const Notice = ({ shape = 'diamond', children }: NoticeProps) => (
  <div
    role="status"
    className={`flex flex-none items-center gap-2 border-line-strong border-b px-3 py-1.5 desk:px-4 ${shape === 'diamond' ? 'bg-wait-wash' : ''}`}
  >
    <StateShape shape={shape} />
    <p className="min-w-0 flex-1 [overflow-wrap:anywhere]">{children}</p>
  </div>
);

/** Instead of rows: nothing has been said, and what to do about it. */
export function NothingSaid({ conversation, maySpeak }: { conversation: Conversation; maySpeak: boolean }) {
  const [first, second] = conversation.seats;
  return (
    <div className="relative z-1 max-w-[46ch] px-4 py-6">
      <p className="font-name text-talk">Nothing has been said yet.</p>
      {conversation.state !== 'stopped' && maySpeak && (
        <p className="mt-1 text-text-2">
          Tell {first?.name} below to write to {second?.name}. Messages appear level in both panes, and the line between
          them says how long they took.
        </p>
      )}
    </div>
  );
}
