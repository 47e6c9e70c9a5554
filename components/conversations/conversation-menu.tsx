'use client';

import { Archive, Ellipsis, Pause, Play, Square } from 'lucide-react';
import { useState } from 'react';
import { buttonClass } from '@/components/ui/button-class';
import { withHiddenWrittenOut } from '@/components/ui/hidden-characters';
import { lazyModule } from '@/components/ui/lazy-module';
import { LazyPart } from '@/components/ui/lazy-part';
import { Menu, MenuItem, MenuSeparator } from '@/components/ui/menu';
import { tellFailed } from '@/components/ui/tell-failed';
import { useChangeConversation } from '@/lib/client/conversation-mutations';
import type { Conversation } from '@/lib/protocol/conversation';

const ending = lazyModule(() => import('@/components/shell/end-conversation'));

/** What can be done with a conversation from the list. */
export function ConversationMenu({ conversation }: { conversation: Conversation }) {
  const { id, title, state } = conversation;
  const change = useChangeConversation(id);
  const [asked, ask] = useState<'stop' | 'archive' | null>(null);
  const close = () => ask(null);
  const turn = (next: 'running' | 'paused') => change.mutate({ state: next }, { onError: tellFailed });
  return (
    <div className="relative">
      <Menu
        trigger={
          <button
            type="button"
            aria-label={`More about ${withHiddenWrittenOut(title)}`}
            className={buttonClass('quiet', 'small-icon')}
          >
            <Ellipsis aria-hidden="true" size={14} strokeWidth={1.5} />
          </button>
        }
      >
        {state === 'paused' && (
          <MenuItem icon={Play} onSelect={() => turn('running')}>
            Resume
          </MenuItem>
        )}
        {state !== 'paused' && state !== 'stopped' && (
          <MenuItem icon={Pause} onSelect={() => turn('paused')}>
            Pause
          </MenuItem>
        )}
        {state !== 'stopped' && (
          <MenuItem icon={Square} danger onSelect={() => ask('stop')}>
            Stop
          </MenuItem>
        )}
        <MenuSeparator />
        <MenuItem icon={Archive} danger onSelect={() => ask('archive')}>
          Archive
        </MenuItem>
      </Menu>
      <LazyPart part={ending} when={asked !== null} onFailure={close}>
        {({ EndConversation }) =>
          asked && <EndConversation conversation={conversation} how={asked} onClose={close} onArchived={close} />
        }
      </LazyPart>
    </div>
  );
}
