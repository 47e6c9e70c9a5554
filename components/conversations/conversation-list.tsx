'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryState } from 'nuqs';
import { usePageHead } from '@/components/shell/page-head';
import { Button } from '@/components/ui/button';
import { LoadFailed } from '@/components/ui/load-failed';
import { RowList } from '@/components/ui/row-list';
import { SearchField } from '@/components/ui/search-field';
import { Segmented } from '@/components/ui/segmented';
import { LoadingRows } from '@/components/ui/skeleton';
import { ToolsBar } from '@/components/ui/tools-bar';
import { useShortcuts } from '@/components/ui/use-shortcuts';
import { useMay } from '@/lib/client/caller';
import { conversationsQuery, REFRESH_MS } from '@/lib/client/queries';
import type { Conversation } from '@/lib/protocol/conversation';
import { type Filter, filterConversations, filters } from './conversation-filter';
import { ConversationRow, conversationColumns } from './conversation-row';
import { NewConversation } from './new-conversation';

const filterLabels: Record<Filter, string> = {
  all: 'All',
  running: 'Open',
  waiting: 'Waiting',
  paused: 'Paused',
  stopped: 'Stopped',
};

/** All conversations, newest first; which of them are shown stands in the address. */
export function ConversationList() {
  const conversations = useQuery({ ...conversationsQuery, refetchInterval: REFRESH_MS });
  const [state, setState] = useQueryState('state', parseAsStringLiteral(filters).withDefault('all'));
  const [text, setText] = useQueryState('q', parseAsString.withDefault('').withOptions({ throttleMs: 200 }));
  const [creating, setCreating] = useQueryState('new', parseAsBoolean.withDefault(false));
  const mayOpen = useMay('operator');
  const items = conversations.data?.items ?? [];
  const shown = filterConversations(items, state, text);
  usePageHead({ sandbox: items.length > 0 && items.every((item) => item.sandbox) });
  useShortcuts(
    'Conversations',
    mayOpen ? [{ keys: 'n', label: 'New conversation', run: () => void setCreating(true) }] : [],
  );

  return (
    <>
      <ToolsBar
        end={
          mayOpen && (
            <Button variant="primary" icon={Plus} keys="n" onClick={() => void setCreating(true)}>
              New conversation
            </Button>
          )
        }
      >
        <Segmented
          label="Show"
          value={state}
          onChange={(next) => void setState(next === 'all' ? null : next)}
          segments={filters.map((filter) => ({
            value: filter,
            label: filterLabels[filter],
            count: conversations.data && filterConversations(items, filter, '').length,
          }))}
        />
        <SearchField
          group="Conversations"
          label="Filter conversations"
          placeholder="Filter by title or agent"
          value={text}
          onChange={(next) => void setText(next || null)}
        />
      </ToolsBar>
      <ListHead />
      <div className="flex min-h-0 flex-1 flex-col bg-surface">
        {conversations.isPending && <LoadingRows rows={6} rowClass="h-11" what="conversations" />}
        {conversations.isError && !conversations.data && (
          <LoadFailed
            what="The conversations"
            error={conversations.error}
            busy={conversations.isFetching}
            onRetry={() => void conversations.refetch()}
          />
        )}
        {conversations.data && shown.length === 0 && (
          <NoneShown
            any={items.length > 0}
            onShowAll={() => {
              void setState(null);
              void setText(null);
            }}
          />
        )}
        {shown.length > 0 && <Rows items={shown} more={conversations.data?.more ?? false} menus={mayOpen} />}
      </div>
      {mayOpen && <NewConversation open={creating} onOpenChange={(open) => void setCreating(open || null)} />}
    </>
  );
}

const ListHead = () => (
  <div
    aria-hidden="true"
    className={`hidden h-7 flex-none items-center border-line-strong border-b px-4 font-control text-meta text-text-2 desk:grid ${conversationColumns}`}
  >
    <span>Seats</span>
    <span>Conversation</span>
    <span>State</span>
    <span>Messages</span>
    <span className="text-right">Turns</span>
    <span className="text-right">Last</span>
    <span />
  </div>
);

type RowsProps = { items: Conversation[]; more: boolean; menus: boolean };

const Rows = ({ items, more, menus }: RowsProps) => (
  <>
    <RowList label="Conversations" items={items} keyOf={(item) => item.id} rowHeight={45}>
      {(item) => <ConversationRow conversation={item} menu={menus} />}
    </RowList>
    {more && (
      <p className="flex-none border-line-strong border-t px-4 py-1.5 text-meta text-text-2">
        The newest 5,000 are listed.
      </p>
    )}
  </>
);

const NoneShown = ({ any, onShowAll }: { any: boolean; onShowAll: () => void }) => (
  <div className="px-4 py-5">
    <p className="font-name">{any ? 'None of the conversations is like that' : 'No conversation yet'}</p>
    <p className="mt-0.5 mb-3 text-pretty text-text-2">
      {any
        ? 'The filter leaves none over.'
        : 'A conversation seats two or more agents and shows them side by side, with what travels between them.'}
    </p>
    {any && (
      <Button size="small" onClick={onShowAll}>
        Show all
      </Button>
    )}
  </div>
);
