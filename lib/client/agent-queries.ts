import { queryOptions } from '@tanstack/react-query';
import { Agent, Model } from '@/lib/protocol/agent';
import { api, apiList } from './api';

/** Agents are asked of every Letta server: less often than other lists. */
export const AGENTS_REFRESH_MS = 15_000;

export const agentsQuery = queryOptions({
  queryKey: ['live', 'agents'],
  queryFn: ({ signal }) => apiList('/api/agents', Agent, signal),
});

export const agentQuery = (agentId: string) =>
  queryOptions({
    queryKey: ['live', 'agent', agentId],
    queryFn: ({ signal }) => api({ path: `/api/agents/${encodeURIComponent(agentId)}`, answer: Agent, signal }),
  });

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => apiList('/api/models', Model, signal),
  staleTime: 60_000,
});
