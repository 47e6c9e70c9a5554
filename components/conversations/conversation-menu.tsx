'use client';

import { Archive, Ellipsis, Pause, Play, Square } from 'lucide-react';
import { useState } from 'react';
import { buttonClass } from '@/components/ui/button-class';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { withHiddenWrittenOut } from '@/components/ui/hidden-characters';
import { Menu, MenuItem, MenuSeparator } from '@/components/ui/menu';
import { showToast } from '@/components/ui/toast';
import { useChangeConversation, useDeleteConversation } from '@/lib/client/conversation-mutations';
import type { Conversation } from '@/lib/protocol/conversation';

/** What can be done with a conversation from the list. */
export function ConversationMenu({ conversation }: { conversation: Conversation }) {
  const { id, title, state } = conversation;
  const change = useChangeConversation(id);
  const archive = useDeleteConversation(id);
  const [asking, setAsking] = useState<'stop' | 'archive' | null>(null);
  const failed = (error: Error) => showToast({ text: error.message, tone: 'fail' });
  const turn = (next: 'running' | 'paused' | 'stopped') =>
    change.mutate({ state: next }, { onError: failed, onSettled: () => setAsking(null) });
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
          <MenuItem icon={Square} danger onSelect={() => setAsking('stop')}>
            Stop
          </MenuItem>
        )}
        <MenuSeparator />
        <MenuItem icon={Archive} danger onSelect={() => setAsking('archive')}>
          Archive
        </MenuItem>
      </Menu>
      <ConfirmDialog
        open={asking !== null}
        onOpenChange={(open) => !open && setAsking(null)}
        title={asking === 'stop' ? `Stop “${title}”?` : `Archive “${title}”?`}
        description={
          asking === 'stop'
            ? 'Its agents are free for others. A stopped conversation does not go on.'
            : 'It stops and leaves the list. What was said stays in the ledger.'
        }
        confirm={asking === 'stop' ? 'Stop it' : 'Archive it'}
        busy={change.isPending || archive.isPending}
        onConfirm={() => {
          if (asking === 'stop') turn('stopped');
          else archive.mutate(null, { onError: failed, onSettled: () => setAsking(null) });
        }}
      />
    </div>
  );
}
