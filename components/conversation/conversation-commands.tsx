'use client';

import {
  Archive,
  CalendarClock,
  FileBraces,
  FileText,
  Hand,
  Link2,
  ListPlus,
  Pause,
  Pencil,
  Play,
  Square,
} from 'lucide-react';
import { copyText } from '@/components/ui/copy-text';
import { MenuChoice, MenuDownload, MenuItem, MenuSeparator } from '@/components/ui/menu';
import { useStore } from '@/components/ui/store';
import { tellFailed } from '@/components/ui/tell-failed';
import { useMay } from '@/lib/client/caller';
import { useChangeConversation } from '@/lib/client/conversation-mutations';
import type { Conversation } from '@/lib/protocol/conversation';
import { useStage } from './stage-context';

/** What is asked for in a dialog. */
export type Asked = 'adopt' | 'rename' | 'more' | 'stop' | 'archive' | 'time';

export type ConversationCommandsProps = { conversation: Conversation; ask: (asked: Asked) => void };

/** What the menu of a conversation offers. */
export function ConversationCommands({ conversation, ask }: ConversationCommandsProps) {
  const { reasoningOpen } = useStage();
  const open = useStore(reasoningOpen, (value) => value);
  const mayChange = useMay('operator');
  const address = `/conversations/${conversation.id}`;
  return (
    <>
      {mayChange && <ChangeItems conversation={conversation} ask={ask} />}
      <MenuItem icon={CalendarClock} keys="shift+g" onSelect={() => ask('time')}>
        Go to a time
      </MenuItem>
      <MenuItem
        icon={Link2}
        onSelect={() => void copyText(new URL(address, window.location.origin).href, 'The link is copied.')}
      >
        Copy the link
      </MenuItem>
      <MenuDownload icon={FileText} href={`/api${address}/transcript?format=md`}>
        Export as Markdown
      </MenuDownload>
      <MenuDownload icon={FileBraces} href={`/api${address}/transcript?format=json`}>
        Export as JSON
      </MenuDownload>
      <MenuSeparator />
      <MenuChoice
        label="Reasoning"
        value={open ? 'open' : 'folded'}
        choices={[
          { value: 'folded', label: 'Reasoning folded' },
          { value: 'open', label: 'Reasoning open' },
        ]}
        onChange={(value) => reasoningOpen.set(value === 'open')}
      />
    </>
  );
}

function ChangeItems({ conversation, ask }: ConversationCommandsProps) {
  const change = useChangeConversation(conversation.id);
  const set = (state: 'running' | 'paused') => change.mutate({ state }, { onError: tellFailed });
  const { state } = conversation;
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
          Resume the conversation
        </MenuItem>
      )}
      {state !== 'stopped' && conversation.conveyance === 'engine' && (
        <MenuItem icon={Hand} onSelect={() => ask('adopt')}>
          Adopt
        </MenuItem>
      )}
      {state !== 'stopped' && conversation.conveyance !== 'engine' && (
        <MenuItem icon={ListPlus} onSelect={() => ask('more')}>
          More turns
        </MenuItem>
      )}
      {state !== 'stopped' && (
        <MenuItem icon={Square} danger onSelect={() => ask('stop')}>
          Stop
        </MenuItem>
      )}
      <MenuItem icon={Archive} danger onSelect={() => ask('archive')}>
        Archive
      </MenuItem>
      <MenuSeparator />
    </>
  );
}
