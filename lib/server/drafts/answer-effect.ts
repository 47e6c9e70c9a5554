import { z } from 'zod';
import { threadKey } from '@/lib/domain/conversation/conversation-state';
import type { DraftState } from '@/lib/domain/draft/draft-state';
import { AgentId, ServerName, WorkspaceId } from '@/lib/protocol/ids';
import type { Effect } from '../ledger/command';

/** The call at which an agent stands outside any conversation. */
export const StandingCall = z.object({
  workspaceId: WorkspaceId,
  server: ServerName,
  agentId: AgentId,
  threadId: z.string().nullable(),
  messageId: z.string(),
});
export type StandingCall = z.infer<typeof StandingCall>;

/** The job that answers it, behind whatever else goes to that thread. */
export function answerEffect(workspaceId: WorkspaceId, { server, from, threadId, messageId }: DraftState): Effect {
  const thread = { server, agentId: from.agentId, threadId };
  if (messageId === null) throw new Error('a call has a request that carries it');
  return { task: 'draft.answer', payload: { workspaceId, ...thread, messageId }, queue: `thread:${threadKey(thread)}` };
}
