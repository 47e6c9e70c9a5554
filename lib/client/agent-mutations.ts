import { Agent, type ChangeAgent, type CreateAgent } from '@/lib/protocol/agent';
import { agentQuery, agentsQuery } from './agent-queries';
import { api } from './api';
import { useWrite } from './use-write';

const pathOf = (agentId: string) => `/api/agents/${encodeURIComponent(agentId)}`;
const refresh = [agentsQuery.queryKey];

export const useCreateAgent = () =>
  useWrite(
    (body: CreateAgent, idempotencyKey) =>
      api({ method: 'POST', path: '/api/agents', body, answer: Agent, idempotencyKey }),
    refresh,
  );

export const useChangeAgent = (agentId: string) =>
  useWrite(
    (body: ChangeAgent, idempotencyKey) =>
      api({ method: 'PATCH', path: pathOf(agentId), body, answer: Agent, idempotencyKey }),
    [...refresh, agentQuery(agentId).queryKey],
  );

export const useDeleteAgent = (agentId: string) =>
  useWrite(
    (_: null, idempotencyKey) => api({ method: 'DELETE', path: pathOf(agentId), answer: Agent, idempotencyKey }),
    refresh,
  );
