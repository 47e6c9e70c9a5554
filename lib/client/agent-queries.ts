import { queryOptions } from '@tanstack/react-query';
import { api, apiList } from './api';

/** Agents are asked of every Letta server: less often than other lists. */
export const AGENTS_REFRESH_MS = 15_000;

export const agentsQuery = queryOptions({
  queryKey: ['live', 'agents'],
  queryFn: ({ signal }) => apiList('/api/agents', { later: (all) => all.Agent }, signal),
});

export const agentQuery = (agentId: string) =>
  queryOptions({
    queryKey: ['live', 'agent', agentId],
    queryFn: ({ signal }) =>
      api({ path: `/api/agents/${encodeURIComponent(agentId)}`, answer: { later: (all) => all.Agent }, signal }),
  });

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => apiList('/api/models', { later: (all) => all.Model }, signal),
  staleTime: 60_000,
});
