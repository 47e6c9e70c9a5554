'use client';

import { Play } from 'lucide-react';
import Link from 'next/link';
import { Button } from '@/components/ui/button';
import { HostileText } from '@/components/ui/hostile-text';
import { StateShape } from '@/components/ui/state-shape';
import { tellFailed } from '@/components/ui/tell-failed';
import { useMay } from '@/lib/client/caller';
import { useChangeConversation } from '@/lib/client/conversation-mutations';
import type { Conversation } from '@/lib/protocol/conversation';

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

type NoticeProps = { shape?: 'diamond' | 'square'; end?: React.ReactNode; children: React.ReactNode };

/** One line above the panes. */
export const Notice = ({ shape = 'diamond', end, children }: NoticeProps) => (
  <div
    role="status"
    className={`flex flex-none items-center gap-2 border-line-strong border-b px-3 py-1.5 desk:px-4 ${shape === 'diamond' ? 'bg-wait-wash' : ''}`}
  >
    <StateShape shape={shape} />
    <p className="min-w-0 flex-1 [overflow-wrap:anywhere]">{children}</p>
    {end}
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
