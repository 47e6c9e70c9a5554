import Link from 'next/link';
import { memo } from 'react';
import { conveyanceWords } from '@/components/shell/conveyance-words';
import { SeatTiles } from '@/components/shell/seat-tiles';
import { countText } from '@/components/ui/count-text';
import { HostileText } from '@/components/ui/hostile-text';
import { RelativeTime } from '@/components/ui/relative-time';
import { SandboxLabel } from '@/components/ui/sandbox-label';
import { StateBadge } from '@/components/ui/state-badge';
import { Tag } from '@/components/ui/tag';
import type { Conversation } from '@/lib/protocol/conversation';
import { ConversationMenu } from './conversation-menu';

/** Columns of the list from 900 px on; head and rows share them. */
export const conversationColumns =
  'desk:grid-cols-[76px_minmax(0,2.2fr)_minmax(120px,1fr)_minmax(96px,0.8fr)_72px_64px_24px] desk:gap-x-3';

type ConversationRowProps = {
  conversation: Conversation;
  menu: boolean;
  /** Not every one of the list is of the sandbox, so that those that are say it. */
  labelled: boolean;
};

/** One conversation; the whole row leads there. Three lines below 900 px. Drawn anew only when it has changed. */
export const ConversationRow = memo(function ConversationRow(props: ConversationRowProps) {
  const { conversation, menu, labelled } = props;
  const { id, title, seats, state, stoppedReason, conveyance, observed, turns, maxTurns, lastActivityAt, sandbox } =
    conversation;
  return (
    <div
      className={`relative grid min-h-11 grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-0.5 px-3 py-2 desk:px-4 desk:py-1 ${conversationColumns}`}
    >
      <SeatTiles seats={seats} />
      <div className="min-w-0">
        <div className="flex min-w-0 items-center gap-2">
          <Link
            href={`/conversations/${id}`}
            prefetch={false} // one request for each that is listed, which brings its title and nothing else
            className="truncate font-control no-underline outline-none after:absolute after:inset-0"
          >
            <HostileText text={title} wrap={false} />
          </Link>
          {observed && <Tag title="Letta started it; Parley watches">observed</Tag>}
          {sandbox && labelled && <SandboxLabel />}
        </div>
        <p className="truncate text-meta text-text-2">
          <HostileText text={seats.map((seat) => seat.holder?.name ?? seat.name).join(', ')} wrap={false} />
        </p>
      </div>
      <div className="grid min-w-0 justify-items-start max-desk:col-start-2 max-desk:row-start-2">
        <StateBadge state={state} />
        {stoppedReason && (
          <p className="max-w-full truncate pl-[18px] text-meta text-text-2" title={stoppedReason}>
            <HostileText text={stoppedReason} wrap={false} />
          </p>
        )}
      </div>
      <span className="truncate text-text-2 max-desk:hidden">{conveyanceWords[conveyance].short}</span>
      <span className="text-right text-text-2 max-desk:hidden">
        {countText(turns)}
        {conveyance !== 'engine' && <span className="text-text-3"> of {countText(maxTurns)}</span>}
      </span>
      <RelativeTime
        at={lastActivityAt}
        className="relative text-right font-mono text-micro text-text-3 max-desk:col-start-3 max-desk:row-start-1"
      />
      <span className="max-desk:-my-3 max-desk:col-start-3 max-desk:row-start-2 max-desk:justify-self-end">
        {menu && <ConversationMenu conversation={conversation} />}
      </span>
    </div>
  );
});
