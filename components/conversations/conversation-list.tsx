'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryState } from 'nuqs';
import { usePageHead } from '@/components/shell/page-head';
import { Button } from '@/components/ui/button';
import { lazyModule } from '@/components/ui/lazy-module';
import { LazyPart } from '@/components/ui/lazy-part';
import { ListBody } from '@/components/ui/list-body';
import { ListHead } from '@/components/ui/list-head';
import { NothingListed } from '@/components/ui/nothing-listed';
import { RowList } from '@/components/ui/row-list';
import { SearchField } from '@/components/ui/search-field';
import { Segmented } from '@/components/ui/segmented';
import { ToolsBar } from '@/components/ui/tools-bar';
import { useShortcuts } from '@/components/ui/use-shortcuts';
import { useMay } from '@/lib/client/caller';
import { conversationsQuery, REFRESH_MS } from '@/lib/client/queries';
import { type Filter, filterConversations, filters } from './conversation-filter';
import { ConversationRow, conversationColumns } from './conversation-row';

const newConversation = lazyModule(() => import('./new-conversation'));

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
      <ListHead
        columns={conversationColumns}
        names={['Seats', 'Conversation', 'State', 'Messages', 'Turns', 'Last', '']}
        end={['Turns', 'Last']}
      />
      <ListBody
        what="conversations"
        query={conversations}
        count={shown.length}
        moreText="The newest 5,000 are listed."
        empty={
          <NoneShown
            any={items.length > 0}
            onShowAll={() => {
              void setState(null);
              void setText(null);
            }}
          />
        }
      >
        <RowList label="Conversations" items={shown} keyOf={(item) => item.id} rowHeight={45}>
          {(item) => <ConversationRow conversation={item} menu={mayOpen} />}
        </RowList>
      </ListBody>
      <LazyPart part={newConversation} when={mayOpen && creating} onFailure={() => void setCreating(null)}>
        {({ NewConversation }) => <NewConversation open onOpenChange={(open) => void setCreating(open || null)} />}
      </LazyPart>
    </>
  );
}

const NoneShown = ({ any, onShowAll }: { any: boolean; onShowAll: () => void }) => (
  <NothingListed
    title={any ? 'None of the conversations is like that' : 'No conversation yet'}
    onShowAll={any ? onShowAll : undefined}
  >
    {any
      ? 'The filter leaves none over.'
      : 'A conversation seats two agents or more and shows them side by side, with what travels between them.'}
  </NothingListed>
);
