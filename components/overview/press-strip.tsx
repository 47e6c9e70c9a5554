'use client';

import { useQuery } from '@tanstack/react-query';
import { Play, Plug } from 'lucide-react';
import Link from 'next/link';
import { useWaitingCount } from '@/components/shell/draft-watch';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { countText } from '@/components/ui/count-text';
import { HostileText } from '@/components/ui/hostile-text';
import { Keycap } from '@/components/ui/keycap';
import { tellFailed } from '@/components/ui/tell-failed';
import { useMay } from '@/lib/client/caller';
import { conversationsQuery } from '@/lib/client/conversation-queries';
import { useStartDemo } from '@/lib/client/settings-mutations';
import type { Conversation } from '@/lib/protocol/conversation';

/** A longer title would break the line. */
const TITLE_MAX = 32;
const titleOf = ({ title }: Conversation) => (title.length > TITLE_MAX ? 'the latest conversation' : title);

/** The first minute: three short lines that say what to press, and the way to one's own Letta. */
export function PressStrip({ onConnect }: { onConnect: () => void }) {
  const mayConnect = useMay('admin');
  const mayStart = useMay('operator');
  const conversations = useQuery(conversationsQuery).data?.items ?? [];
  const waiting = useWaitingCount();
  const demo = useStartDemo();
  const newest = conversations.find((conversation) => conversation.sandbox);
  const rests = conversations.length > 0 && conversations.every(({ state }) => state === 'idle' || state === 'stopped');
  return (
    <div className="flex min-h-10 flex-none flex-col items-start gap-x-5 gap-y-1.5 rounded-card border border-line-strong border-dashed py-2.5 pr-2 pl-3 desk:flex-row desk:flex-wrap desk:items-center desk:py-1.5">
      <ol className="flex flex-col gap-x-5 gap-y-1.5 desk:flex-row desk:flex-wrap desk:items-center">
        <Line keys={newest ? 'g c j enter' : 'g c'}>
          <Link
            href={newest ? `/conversations/${newest.id}` : '/conversations'}
            className="no-underline hover:underline"
          >
            {newest ? (
              <HostileText text={`watch ${titleOf(newest)}, side by side`} wrap={false} />
            ) : (
              'see the conversations'
            )}
          </Link>
        </Line>
        {waiting > 0 ? (
          <Line keys="mod+shift+j">
            <Link href="/drafts" className="no-underline hover:underline">
              {waiting === 1 ? 'answer the draft that waits' : `answer one of ${countText(waiting)} drafts that wait`}
            </Link>
          </Line>
        ) : (
          <Line keys="mod+k" only>
            find a page, an agent, a conversation
          </Line>
        )}
        <Line keys="?" only>
          see every key
        </Line>
      </ol>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-meta max-desk:mt-1.5 desk:ml-auto">
        <span className="text-text-2">Scripted agents on this machine. Nothing leaves it.</span>
        {mayStart && rests && (
          <Button
            size="small"
            icon={Play}
            busy={demo.isPending}
            onClick={() => demo.mutate(null, { onError: tellFailed })}
          >
            Let them talk
          </Button>
        )}
        {mayConnect && (
          <Button size="small" icon={Plug} onClick={onConnect}>
            Connect your Letta
          </Button>
        )}
      </div>
    </div>
  );
}

/** `only`: there is no other way than the keys. Under a thumb there are none. */
const Line = ({ keys, only = false, children }: { keys: string; only?: boolean; children: React.ReactNode }) => (
  <li className={classNames('flex items-center gap-2 pointer-coarse:min-h-8', only && 'pointer-coarse:hidden')}>
    <span className="flex gap-[3px] pointer-coarse:hidden">
      {keys.split(' ').map((step) => (
        <Keycap key={step} keys={step} always />
      ))}
    </span>
    <span>{children}</span>
  </li>
);
