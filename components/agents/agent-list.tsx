'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { parseAsBoolean, parseAsString, useQueryState } from 'nuqs';
import { agentHue } from '@/components/shell/agent-hue';
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
import { AGENTS_REFRESH_MS, agentsQuery, conversationsQuery } from '@/lib/client/queries';
import type { Agent } from '@/lib/protocol/agent';
import { AgentRow, agentColumns } from './agent-row';
import { CreateAgent } from './create-agent';

const matches = (agent: Agent, server: string, text: string) => {
  const where = [agent.name, agent.id, agent.model ?? '', ...agent.tags, ...agent.tools].join('\n').toLowerCase();
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (server === '' || agent.server === server) && words.every((word) => where.includes(word));
};

/** All agents of all connected servers. */
export function AgentList() {
  const agents = useQuery({ ...agentsQuery, refetchInterval: AGENTS_REFRESH_MS });
  const conversations = useQuery(conversationsQuery).data?.items ?? [];
  const [server, setServer] = useQueryState('server', parseAsString.withDefault(''));
  const [text, setText] = useQueryState('q', parseAsString.withDefault('').withOptions({ throttleMs: 200 }));
  const [creating, setCreating] = useQueryState('new', parseAsBoolean.withDefault(false));
  const mayCreate = useMay('operator');
  const items = agents.data?.items ?? [];
  const servers = [...new Set<string>(items.map((agent) => agent.server))];
  const shown = items.filter((agent) => matches(agent, server, text));
  usePageHead({ sandbox: items.length > 0 && items.every((agent) => agent.sandbox) });
  useShortcuts('Agents', mayCreate ? [{ keys: 'n', label: 'Create an agent', run: () => void setCreating(true) }] : []);

  return (
    <>
      <ToolsBar
        end={
          mayCreate && (
            <Button variant="primary" icon={Plus} keys="n" onClick={() => void setCreating(true)}>
              Create agent
            </Button>
          )
        }
      >
        {servers.length > 1 && (
          <Segmented
            label="Server"
            value={server}
            onChange={(next) => void setServer(next || null)}
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
          onChange={(next) => void setText(next || null)}
        />
        <span className="text-meta text-text-2 max-desk:hidden">
          {agents.data && (shown.length === items.length ? `${items.length}` : `${shown.length} of ${items.length}`)}
        </span>
      </ToolsBar>
      <div
        aria-hidden="true"
        className={`hidden h-7 flex-none items-center border-line-strong border-b px-4 font-control text-meta text-text-2 desk:grid ${agentColumns}`}
      >
        <span />
        <span>Agent</span>
        <span>Model</span>
        <span>Server</span>
        <span>Tools and tags</span>
        <span className="text-right">State</span>
      </div>
      <div className="flex min-h-0 flex-1 flex-col bg-surface">
        {agents.isPending && <LoadingRows rows={6} rowClass="h-11" what="agents" />}
        {agents.isError && !agents.data && (
          <LoadFailed
            what="The agents"
            error={agents.error}
            busy={agents.isFetching}
            onRetry={() => void agents.refetch()}
          />
        )}
        {agents.data && shown.length === 0 && <NoAgents any={items.length > 0} />}
        {shown.length > 0 && (
          <RowList label="Agents" items={shown} keyOf={(agent) => agent.id} rowHeight={45}>
            {(agent) => <AgentRow agent={agent} hue={agentHue(agent.id, conversations)} />}
          </RowList>
        )}
      </div>
      {mayCreate && <CreateAgent open={creating} onOpenChange={(open) => void setCreating(open || null)} />}
    </>
  );
}

const NoAgents = ({ any }: { any: boolean }) => (
  <div className="px-4 py-5">
    <p className="font-name">{any ? 'No agent is like that' : 'No agent yet'}</p>
    <p className="mt-0.5 text-pretty text-text-2">
      {any
        ? 'The filter leaves none over.'
        : 'Agents live on your Letta servers. Create one here, or connect the server they live on in Settings.'}
    </p>
  </div>
);
