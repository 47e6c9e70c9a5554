import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { AgentGate } from '@/lib/protocol/agent';
import {
  Draft,
  type GiveVerdict,
  type GiveVerdicts,
  type MakeRule,
  StandingRule,
  VerdictResults,
} from '@/lib/protocol/draft';
import { api } from './api';
import { takeDraft } from './draft-cache';
import { gatesQuery, rulesQuery } from './gate-queries';
import { useWrite } from './use-write';

const pathOf = (draftId: string) => `/api/drafts/${encodeURIComponent(draftId)}`;

/** Answers one draft. Resolves with the draft as it then stands; the lists know it at once. */
export function useGiveVerdict() {
  const queryClient = useQueryClient();
  return useWrite(async ({ draftId, ...body }: GiveVerdict & { draftId: string }, idempotencyKey) => {
    const path = `${pathOf(draftId)}/verdict`;
    return takeDraft(queryClient, await api({ method: 'POST', path, body, answer: Draft, idempotencyKey }));
  });
}

/** Takes a verdict back before anything has left. Not a hook: the way back outlives the screen that gave the verdict. */
export const undoVerdict = async (queryClient: QueryClient, draftId: string): Promise<Draft> =>
  takeDraft(queryClient, await api({ method: 'POST', path: `${pathOf(draftId)}/undo`, answer: Draft }));

/** Sends again what could not be delivered. */
export function useRetryDraft() {
  const queryClient = useQueryClient();
  return useWrite(async ({ draftId }: { draftId: string }, idempotencyKey) => {
    const path = `${pathOf(draftId)}/retry`;
    return takeDraft(queryClient, await api({ method: 'POST', path, answer: Draft, idempotencyKey }));
  });
}

/** One verdict for several drafts; what came of each is in the answer. */
export const useGiveVerdicts = () =>
  useWrite((body: GiveVerdicts, idempotencyKey) =>
    api({ method: 'POST', path: '/api/drafts/verdicts', body, answer: VerdictResults, idempotencyKey }),
  );

export const useMakeRule = () =>
  useWrite(
    (body: MakeRule, idempotencyKey) =>
      api({ method: 'POST', path: '/api/rules', body, answer: StandingRule, idempotencyKey }),
    [rulesQuery.queryKey],
  );

/** Has the calls of one tool no longer stop in Letta. */
export const useReleaseGate = () =>
  useWrite(
    ({ agentId, tool }: Pick<AgentGate, 'agentId' | 'tool'>, idempotencyKey) =>
      api({
        method: 'DELETE',
        path: `/api/agents/${encodeURIComponent(agentId)}/gates/${encodeURIComponent(tool)}`,
        answer: AgentGate,
        idempotencyKey,
      }),
    [gatesQuery.queryKey],
  );

export const useRevokeRule = () =>
  useWrite(
    ({ ruleId }: { ruleId: string }, idempotencyKey) =>
      api({
        method: 'DELETE',
        path: `/api/rules/${encodeURIComponent(ruleId)}`,
        answer: StandingRule,
        idempotencyKey,
      }),
    [rulesQuery.queryKey],
  );
