'use client';

import { UsersRound } from 'lucide-react';
import { memo } from 'react';
import { heldWords, statusWords, twoPersonWords } from '@/components/shell/verdict-words';
import { Checkbox } from '@/components/ui/checkbox';
import { classNames } from '@/components/ui/class-names';
import { Countdown } from '@/components/ui/countdown';
import { oneLine } from '@/components/ui/cut-text';
import { withHiddenWrittenOut } from '@/components/ui/hidden-characters';
import { HostileText } from '@/components/ui/hostile-text';
import { RelativeTime } from '@/components/ui/relative-time';
import { Tag } from '@/components/ui/tag';
import type { Draft } from '@/lib/protocol/draft';
import { needsRetry } from './draft-filter';
import { DraftRoute } from './draft-route';

type DraftRowProps = {
  draft: Draft;
  current: boolean;
  selected: boolean;
  /** Whether it can be chosen for an answer together with others. */
  selectable: boolean;
  onOpen: (draft: Draft) => void;
  onSelect: (draft: Draft, extend: boolean) => void;
};

/** One draft in the list: who asks whom, the beginning of the text, why it waits, and what is left of its time. */
export const DraftRow = memo(function DraftRow(props: DraftRowProps) {
  const { draft, current, selected, selectable, onOpen, onSelect } = props;
  const name = withHiddenWrittenOut(`${draft.from.name} to ${draft.to.name}`);
  return (
    <div
      className={classNames(
        'relative grid grid-cols-[16px_minmax(0,1fr)] gap-3 px-3 pt-2.5 pb-[9px] desk:px-4',
        current ? 'bg-press before:absolute before:inset-y-0 before:left-0 before:w-0.5 before:bg-ink' : '',
        !current && (selected ? 'bg-hover' : 'hover:bg-hover'),
      )}
    >
      <span className="relative z-1 mt-0.5">
        {selectable && (
          <span onClickCapture={(event) => event.shiftKey && extend(event, () => onSelect(draft, true))}>
            <Checkbox checked={selected} label={`Select ${name}`} onChange={() => onSelect(draft, false)} />
          </span>
        )}
      </span>
      <div className="min-w-0">
        <div className="flex min-w-0 items-center gap-2">
          <a
            href={`/drafts/${draft.id}`}
            aria-current={current || undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              onOpen(draft);
            }}
            className="min-w-0 flex-1 no-underline outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:outline-ink focus-visible:after:-outline-offset-2"
          >
            <DraftRoute draft={draft} />
          </a>
          {draft.status === 'pending' && <Countdown from={draft.createdAt} until={draft.expiresAt} />}
          {needsRetry(draft) && <Tag tone="fail">Not delivered</Tag>}
          {draft.status !== 'pending' && !needsRetry(draft) && (
            <span className="flex-none text-text-2">{statusWords[draft.status]}</span>
          )}
        </div>
        <p
          className={classNames(
            'mt-0.5 mb-1 truncate text-text-2',
            draft.kind === 'tool_call' && 'font-mono text-mono',
          )}
        >
          <HostileText text={oneLine(draft.content)} wrap={false} />
        </p>
        <RowFoot draft={draft} />
      </div>
    </div>
  );
});

/** The checkbox would toggle; with shift it takes in everything since the last one instead. */
function extend(event: React.MouseEvent, run: () => void): void {
  event.preventDefault();
  event.stopPropagation();
  run();
}

function RowFoot({ draft }: { draft: Draft }) {
  const two = twoPersonWords(draft);
  const last = draft.verdictsGiven.at(-1);
  return (
    <div className="flex h-[18px] min-w-0 items-center gap-3 whitespace-nowrap text-meta text-text-3">
      <span className="truncate">{heldWords(draft)}</span>
      <span className="flex-none">
        <RelativeTime at={draft.createdAt} phrase />
      </span>
      {draft.status !== 'pending' && last && (
        <span className="truncate">
          by <HostileText text={last.name} wrap={false} />
        </span>
      )}
      {two && (
        <Tag className="ml-auto min-w-0 shrink">
          <UsersRound aria-hidden="true" size={12} strokeWidth={1.5} className="flex-none" />
          <span className="truncate">
            <HostileText text={two} wrap={false} />
          </span>
        </Tag>
      )}
    </div>
  );
}
