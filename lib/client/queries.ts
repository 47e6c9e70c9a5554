import { queryOptions } from '@tanstack/react-query';
import { Agent, Model } from '@/lib/protocol/agent';
import { Conversation } from '@/lib/protocol/conversation';
import { Health } from '@/lib/protocol/health';
import { LettaServer } from '@/lib/protocol/letta-server';
import { Settings } from '@/lib/protocol/settings';
import { api, apiList } from './api';

/** How often a list that is on the screen is fetched anew: what the live stream says of it may get lost. */
export const REFRESH_MS = 20_000;
/** Agents are asked of every Letta server: less often. */
export const AGENTS_REFRESH_MS = 15_000;

/** Keys of what the live stream keeps fresh begin with `live`; see live.ts. */
export const conversationsQuery = queryOptions({
  queryKey: ['live', 'conversations'],
  queryFn: ({ signal }) => apiList('/api/conversations', Conversation, signal),
});

export const agentsQuery = queryOptions({
  queryKey: ['live', 'agents'],
  queryFn: ({ signal }) => apiList('/api/agents', Agent, signal),
});

export const agentQuery = (agentId: string) =>
  queryOptions({
    queryKey: ['live', 'agent', agentId],
    queryFn: ({ signal }) => api({ path: `/api/agents/${encodeURIComponent(agentId)}`, answer: Agent, signal }),
  });

export const lettaServersQuery = queryOptions({
  queryKey: ['live', 'letta-servers'],
  queryFn: ({ signal }) => apiList('/api/letta-servers', LettaServer, signal),
});

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => apiList('/api/models', Model, signal),
  staleTime: 60_000,
});

export const settingsQuery = queryOptions({
  queryKey: ['live', 'settings'],
  queryFn: ({ signal }) => api({ path: '/api/settings', answer: Settings, signal }),
});

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => api({ path: '/api/health', answer: Health, alsoAnswers: 503, signal }),
});
