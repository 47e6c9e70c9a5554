'use client';

import '@/lib/client/schemas-at-hand';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
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
import { useChoiceInAddress, useFlagInAddress, useTextInAddress } from '@/components/ui/use-in-address';
import { useShortcuts } from '@/components/ui/use-shortcuts';
import { useMay } from '@/lib/client/caller';
import { conversationsQuery, REFRESH_MS } from '@/lib/client/conversation-queries';
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
  const [state, setState] = useChoiceInAddress('state', filters, 'all');
  const [text, setText] = useTextInAddress('q');
  const [creating, setCreating] = useFlagInAddress('new');
  const mayOpen = useMay('operator');
  const items = conversations.data?.items ?? [];
  const shown = filterConversations(items, state, text);
  const onlySandbox = items.length > 0 && items.every((item) => item.sandbox);
  usePageHead({ sandbox: onlySandbox });
  useShortcuts(
    'Conversations',
    mayOpen ? [{ keys: 'n', label: 'New conversation', run: () => setCreating(true) }] : [],
  );

  return (
    <>
      <ToolsBar
        end={
          mayOpen && (
            <Button variant="primary" icon={Plus} keys="n" onClick={() => setCreating(true)}>
              New conversation
            </Button>
          )
        }
      >
        <Segmented
          label="Show"
          value={state}
          onChange={setState}
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
          onChange={setText}
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
              setState('all');
              setText('');
            }}
          />
        }
      >
        <RowList label="Conversations" items={shown} keyOf={(item) => item.id} rowHeight={45}>
          {(item) => <ConversationRow conversation={item} menu={mayOpen} labelled={!onlySandbox} />}
        </RowList>
      </ListBody>
      <LazyPart part={newConversation} when={mayOpen && creating} onFailure={() => setCreating(false)}>
        {({ NewConversation }) => <NewConversation open onOpenChange={setCreating} />}
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
