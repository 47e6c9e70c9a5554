'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { buttonClass } from '@/components/ui/button-class';
import { HostileText } from '@/components/ui/hostile-text';
import { sinceText } from '@/components/ui/since-text';
import { useMay } from '@/lib/client/caller';
import { lettaServersQuery } from '@/lib/client/letta-servers-query';
import type { Conversation } from '@/lib/protocol/conversation';
import { Notice } from './stage-notices';

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
