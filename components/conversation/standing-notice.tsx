'use client';

import { Play } from 'lucide-react';
import Link from 'next/link';
import { Button } from '@/components/ui/button';
import { HostileText } from '@/components/ui/hostile-text';
import { tellFailed } from '@/components/ui/tell-failed';
import { useMay } from '@/lib/client/caller';
import { useChangeConversation } from '@/lib/client/conversation-mutations';
import type { Conversation } from '@/lib/protocol/conversation';
import { Notice } from './stage-notices';

/** Above the panes: the conversation does not go on, and why. */
export function StandingNotice({ conversation }: { conversation: Conversation }) {
  if (conversation.state === 'paused') {
    return (
      <Notice end={<Resume conversationId={conversation.id} />}>
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
    ? 'What people say here waits until somebody resumes it. What the agents send each other Letta delivers itself: that goes on. Adopt the conversation to hold that, too.'
    : 'Turns that run come to their end; nothing new is carried until somebody resumes it.';

function Resume({ conversationId }: { conversationId: string }) {
  const change = useChangeConversation(conversationId);
  if (!useMay('operator')) return null;
  const resume = () => change.mutate({ state: 'running' }, { onError: tellFailed });
  return (
    <Button size="small" icon={Play} busy={change.isPending} onClick={resume}>
      Resume
    </Button>
  );
}
