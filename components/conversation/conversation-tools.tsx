'use client';

import { Ellipsis, Pause, Play, Search, User } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { counted, countText } from '@/components/ui/count-text';
import { withHiddenWrittenOut } from '@/components/ui/hidden-characters';
import { IconButton } from '@/components/ui/icon-button';
import { lazyModule } from '@/components/ui/lazy-module';
import { LazyPart } from '@/components/ui/lazy-part';
import { Menu } from '@/components/ui/menu';
import { sinceText } from '@/components/ui/since-text';
import { StateBadge } from '@/components/ui/state-badge';
import { Tag } from '@/components/ui/tag';
import { TextButton } from '@/components/ui/text-button';
import { useShortcuts } from '@/components/ui/use-shortcuts';
import { streamSeqOf } from '@/lib/domain/transcript/read-entry';
import type { Transcript } from '@/lib/domain/transcript/transcript-state';
import type { Conversation } from '@/lib/protocol/conversation';
import type { Asked, ConversationCommandsProps } from './conversation-commands';
import type { Jump } from './use-jump';

const adopting = lazyModule(() => import('./adopt-dialog'));
const finding = lazyModule(() => import('./find-bar'));
const dialogs = lazyModule(() => import('./conversation-dialogs'));

type ToolsProps = {
  conversation: Conversation;
  live: Transcript;
  /** `behind` is how much came while the stream stands still. */
  paused: { on: boolean; behind: number; toggle: () => void };
  jump: Jump;
};

/** Under a thumb a control is as high as the bar: without a box of its own. */
const bareClass = 'max-desk:border-transparent max-desk:bg-transparent max-desk:aria-pressed:bg-press';

/** How the conversation stands, and what can be done with it. */
export function ConversationTools({ conversation, live, paused, jump }: ToolsProps) {
  const [finds, setFinds] = useState(false);
  const [asked, ask] = useState<Asked | null>(null);
  const close = () => ask(null);
  useShortcuts('Conversation', [
    { keys: '/', label: 'Find in the transcript', run: () => setFinds(true) },
    { keys: 'shift+g', label: 'Go to a time', run: () => ask('time') },
  ]);
  return (
    <>
      <div className="flex min-h-10 flex-none items-center gap-2 whitespace-nowrap border-line-strong border-b px-3 desk:pr-3 desk:pl-4">
        <Standing conversation={conversation} />
        <NotUnderstood live={live} jump={jump} />
        <span className="ml-auto flex flex-none items-center gap-1.5">
          <IconButton
            icon={Search}
            label="Find in the transcript"
            keys="/"
            size="small"
            variant="plain"
            className={bareClass}
            aria-expanded={finds}
            onClick={() => setFinds(!finds)}
          />
          <Button
            size="small"
            icon={paused.on ? Play : Pause}
            aria-pressed={paused.on}
            keys="p"
            className={bareClass}
            onClick={paused.toggle}
          >
            <span>{paused.on ? `Paused, ${countText(paused.behind)} behind` : 'Pause stream'}</span>
          </Button>
          <MoreMenu conversation={conversation} ask={ask} />
        </span>
      </div>
      <LazyPart part={finding} when={finds} onFailure={() => setFinds(false)}>
        {({ FindBar }, typed) => (
          <FindBar conversationId={conversation.id} jump={jump} typed={typed} onClose={() => setFinds(false)} />
        )}
      </LazyPart>
      <LazyPart part={adopting} when={asked === 'adopt'} onFailure={close}>
        {({ AdoptDialog }) => <AdoptDialog conversation={conversation} onClose={close} />}
      </LazyPart>
      <LazyPart part={dialogs} when={asked !== null && asked !== 'adopt'} onFailure={close}>
        {({ EndDialog, GoToTimeDialog, MoreTurnsDialog, RenameDialog }) => (
          <>
            {asked === 'rename' && <RenameDialog conversation={conversation} onClose={close} />}
            {asked === 'more' && <MoreTurnsDialog conversation={conversation} onClose={close} />}
            {asked === 'stop' && <EndDialog conversation={conversation} how="stop" onClose={close} />}
            {asked === 'archive' && <EndDialog conversation={conversation} how="archive" onClose={close} />}
            {asked === 'time' && <GoToTimeDialog createdAt={conversation.createdAt} jump={jump} onClose={close} />}
          </>
        )}
      </LazyPart>
    </>
  );
}

function Standing({ conversation }: { conversation: Conversation }) {
  const { state, seats, turns, maxTurns, observed, conveyance, createdAt } = conversation;
  const isBounded = conveyance !== 'engine';
  return (
    <>
      <StateBadge state={state} className="flex-none" />
      {seats.map(({ id, name, holder }) => {
        const words = holder && `${withHiddenWrittenOut(holder.name)} sits in ${withHiddenWrittenOut(name)}’s seat`;
        return (
          words && (
            <Tag key={id} tone="human" title={words} className="max-wide:hidden">
              <User aria-hidden="true" size={12} strokeWidth={1.5} />
              <span className="max-w-64 truncate">{words}</span>
            </Tag>
          )
        );
      })}
      {observed && <Tag title="Nobody opened it here: Parley came upon it in Letta">observed</Tag>}
      {conveyance === 'engine' && !observed && <Tag title="Letta delivers these messages by itself">watched</Tag>}
      <span className="min-w-0 truncate text-meta text-text-3">
        {isBounded ? `${countText(turns)} of ${counted(maxTurns, 'turn')}` : counted(turns, 'message')}
        <span className="hidden desk:inline"> since {sinceText(Date.parse(createdAt), Date.now())}</span>
      </span>
    </>
  );
}

/** How much of what is loaded Parley did not understand; pressed, the way to the newest of it. */
function NotUnderstood({ live, jump }: { live: Transcript; jump: Jump }) {
  const { size } = live.notUnderstood;
  const last = live.notUnderstood.last();
  if (!last) return null;
  return (
    <TextButton
      title="Shown raw where it happened. Press to go to the newest."
      onClick={() => void jump({ streamSeq: streamSeqOf(last.place) })}
      className="min-h-6 min-w-0 truncate rounded-tile"
    >
      {countText(size)} not understood
    </TextButton>
  );
}

/** Loaded with the press that opens it. */
const commands = lazyModule(() => import('./conversation-commands'));

const MoreMenu = (props: ConversationCommandsProps) => (
  <Menu
    trigger={<IconButton icon={Ellipsis} label="More" size="small" variant="plain" className={bareClass} />}
    part={commands}
  >
    <Commands {...props} />
  </Menu>
);

/** Within the menu, which is drawn only once they are there. */
function Commands(props: ConversationCommandsProps) {
  const parts = commands.now();
  return parts && <parts.ConversationCommands {...props} />;
}
