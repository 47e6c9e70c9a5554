'use client';

import '@/lib/client/schemas-at-hand';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { agentHue } from '@/components/shell/agent-hue';
import { usePageHead } from '@/components/shell/page-head';
import { Button } from '@/components/ui/button';
import { countText } from '@/components/ui/count-text';
import { lazyModule } from '@/components/ui/lazy-module';
import { LazyPart } from '@/components/ui/lazy-part';
import { ListBody } from '@/components/ui/list-body';
import { ListHead } from '@/components/ui/list-head';
import { NothingListed } from '@/components/ui/nothing-listed';
import { RowList } from '@/components/ui/row-list';
import { SearchField } from '@/components/ui/search-field';
import { Segmented } from '@/components/ui/segmented';
import { ToolsBar } from '@/components/ui/tools-bar';
import { useFlagInAddress, useTextInAddress } from '@/components/ui/use-in-address';
import { useShortcuts } from '@/components/ui/use-shortcuts';
import { AGENTS_REFRESH_MS, agentsQuery } from '@/lib/client/agent-queries';
import { useMay } from '@/lib/client/caller';
import { conversationsQuery } from '@/lib/client/conversation-queries';
import type { Agent } from '@/lib/protocol/agent';
import { AgentRow, agentColumns } from './agent-row';

const createAgent = lazyModule(() => import('./create-agent'));

const matches = (agent: Agent, server: string, text: string) => {
  const where = [agent.name, agent.id, agent.model ?? '', ...agent.tags, ...agent.tools].join('\n').toLowerCase();
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (server === '' || agent.server === server) && words.every((word) => where.includes(word));
};

/** All agents of all connected servers. */
export function AgentList() {
  const agents = useQuery({ ...agentsQuery, refetchInterval: AGENTS_REFRESH_MS });
  const conversations = useQuery(conversationsQuery).data?.items ?? [];
  const [server, setServer] = useTextInAddress('server');
  const [text, setText] = useTextInAddress('q');
  const [creating, setCreating] = useFlagInAddress('new');
  const mayCreate = useMay('operator');
  const items = agents.data?.items ?? [];
  const servers = [...new Set<string>(items.map((agent) => agent.server))];
  const shown = items.filter((agent) => matches(agent, server, text));
  usePageHead({ sandbox: items.length > 0 && items.every((agent) => agent.sandbox) });
  useShortcuts('Agents', mayCreate ? [{ keys: 'n', label: 'Create an agent', run: () => setCreating(true) }] : []);

  return (
    <>
      <ToolsBar
        end={
          mayCreate && (
            <Button variant="primary" icon={Plus} keys="n" onClick={() => setCreating(true)}>
              Create agent
            </Button>
          )
        }
      >
        {servers.length > 1 && (
          <Segmented
            label="Server"
            value={server}
            onChange={setServer}
            segments={['', ...servers].map((value) => ({
              value,
              label: value || 'All',
              count: items.filter((agent) => matches(agent, value, '')).length,
            }))}
          />
        )}
        <SearchField
          group="Agents"
          label="Filter agents"
          placeholder="Filter by name, model, tag, tool"
          value={text}
          onChange={setText}
        />
        <span className="text-meta text-text-2 max-desk:hidden">
          {agents.data &&
            `${shown.length === items.length ? '' : `${countText(shown.length)} of `}${countText(items.length)}`}
        </span>
      </ToolsBar>
      <ListHead
        columns={agentColumns}
        names={['', 'Agent', 'Model', 'Server', 'Tools and tags', 'State']}
        end={['State']}
      />
      <ListBody
        what="agents"
        query={agents}
        count={shown.length}
        moreText="Not all are listed."
        empty={
          <NoAgents
            any={items.length > 0}
            onShowAll={() => {
              setServer('');
              setText('');
            }}
          />
        }
      >
        <RowList label="Agents" items={shown} keyOf={(agent) => agent.id} rowHeight={45}>
          {(agent) => <AgentRow agent={agent} hue={agentHue(agent.id, conversations)} />}
        </RowList>
      </ListBody>
      <LazyPart part={createAgent} when={mayCreate && creating} onFailure={() => setCreating(false)}>
        {({ CreateAgent }) => <CreateAgent open onOpenChange={setCreating} />}
      </LazyPart>
    </>
  );
}

const NoAgents = ({ any, onShowAll }: { any: boolean; onShowAll: () => void }) => (
  <NothingListed
    title={any ? 'None of the agents is like that' : 'No agent yet'}
    onShowAll={any ? onShowAll : undefined}
  >
    {any
      ? 'The filter leaves none over.'
      : 'Agents live on your Letta servers. Create one here, or connect the server they live on in Settings.'}
  </NothingListed>
);
