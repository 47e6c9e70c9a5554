'use client';

import { Ellipsis, ListPlus, Pause, Pencil, Play, Square } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { IconButton } from '@/components/ui/icon-button';
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '@/components/ui/menu';
import { StateBadge } from '@/components/ui/state-badge';
import { showToast } from '@/components/ui/toast';
import { useMay } from '@/lib/client/caller';
import { useChangeConversation } from '@/lib/client/conversation-mutations';
import type { Conversation } from '@/lib/protocol/conversation';
import { MoreTurnsDialog, RenameDialog, StopDialog } from './conversation-dialogs';
import { countText } from './latency-text';
import { sinceText } from './since-text';
import { useStage } from './stage-context';
import { useStore } from './store';

type ToolsProps = {
  conversation: Conversation;
  /** `behind` is how much came while the stream stands still. */
  paused: { on: boolean; behind: number; toggle: () => void };
};

/** How the conversation stands, and what can be done with it. */
export function ConversationTools({ conversation, paused }: ToolsProps) {
  const { state, turns, maxTurns, observed, createdAt } = conversation;
  return (
    <div className="flex min-h-10 flex-none items-center gap-2 whitespace-nowrap border-line-strong border-b px-3 desk:pr-3 desk:pl-4">
      <StateBadge state={state} className="flex-none" />
      <span className="min-w-0 truncate text-meta text-text-3">
        {observed ? `${countText(turns)} messages` : `${countText(turns)} of ${countText(maxTurns)} turns`}
        <span className="hidden desk:inline"> since {sinceText(Date.parse(createdAt), Date.now())}</span>
      </span>
      <span className="ml-auto flex flex-none items-center gap-1.5">
        <Button size="small" icon={paused.on ? Play : Pause} aria-pressed={paused.on} keys="p" onClick={paused.toggle}>
          <span>{paused.on ? `Paused, ${countText(paused.behind)} behind` : 'Pause stream'}</span>
        </Button>
        <MoreMenu conversation={conversation} />
      </span>
    </div>
  );
}

function MoreMenu({ conversation }: { conversation: Conversation }) {
  const [dialog, setDialog] = useState<'rename' | 'more' | 'stop' | null>(null);
  const { reasoningOpen } = useStage();
  const open = useStore(reasoningOpen, (value) => value);
  const mayChange = useMay('operator');
  const close = () => setDialog(null);
  return (
    <>
      <Menu trigger={<IconButton icon={Ellipsis} label="More" size="small" variant="plain" />}>
        {mayChange && <ChangeItems conversation={conversation} ask={setDialog} />}
        <MenuChoice
          label="Reasoning"
          value={open ? 'open' : 'folded'}
          choices={[
            { value: 'folded', label: 'Reasoning folded' },
            { value: 'open', label: 'Reasoning open' },
          ]}
          onChange={(value) => reasoningOpen.set(value === 'open')}
        />
      </Menu>
      {dialog === 'rename' && <RenameDialog conversation={conversation} onClose={close} />}
      {dialog === 'more' && <MoreTurnsDialog conversation={conversation} onClose={close} />}
      {dialog === 'stop' && <StopDialog conversation={conversation} onClose={close} />}
    </>
  );
}

type ChangeItemsProps = { conversation: Conversation; ask: (dialog: 'rename' | 'more' | 'stop') => void };

function ChangeItems({ conversation, ask }: ChangeItemsProps) {
  const change = useChangeConversation(conversation.id);
  const set = (state: 'running' | 'paused') =>
    change.mutate({ state }, { onError: (error) => showToast({ text: error.message, tone: 'fail' }) });
  const { state, observed } = conversation;
  return (
    <>
      <MenuItem icon={Pencil} onSelect={() => ask('rename')}>
        Rename
      </MenuItem>
      {state !== 'stopped' && state !== 'paused' && (
        <MenuItem icon={Pause} onSelect={() => set('paused')}>
          Pause the conversation
        </MenuItem>
      )}
      {state === 'paused' && (
        <MenuItem icon={Play} onSelect={() => set('running')}>
          Let it go on
        </MenuItem>
      )}
      {state !== 'stopped' && !observed && (
        <MenuItem icon={ListPlus} onSelect={() => ask('more')}>
          More turns
        </MenuItem>
      )}
      {state !== 'stopped' && (
        <MenuItem icon={Square} danger onSelect={() => ask('stop')}>
          Stop
        </MenuItem>
      )}
      <MenuSeparator />
    </>
  );
}
