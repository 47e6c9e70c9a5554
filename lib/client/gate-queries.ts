import { queryOptions } from '@tanstack/react-query';
import { AgentGate } from '@/lib/protocol/agent';
import { StandingRule } from '@/lib/protocol/draft';
import { apiList } from './api';

export const rulesQuery = queryOptions({
  queryKey: ['live', 'rules'],
  queryFn: ({ signal }) => apiList('/api/rules', StandingRule, signal),
});

/** How often the gates on the screen are fetched anew: those that others set in Letta are told by nothing. */
const GATES_REFRESH_MS = 15_000;

export const gatesQuery = queryOptions({
  queryKey: ['live', 'gates'],
  queryFn: ({ signal }) => apiList('/api/gates', AgentGate, signal),
  refetchInterval: GATES_REFRESH_MS,
});
