import type { TurnState } from '@/lib/domain/conversation/conversation-state';
import type { ConversationId, WorkspaceId } from '@/lib/protocol/ids';
import type { Runtime } from '../runtime';
import { findAnswerer } from './find-answerer';

/**
 * Whether a call that waited for people was disposed of meanwhile, by somebody else, before our answers go out. HAZARD:
 * an engine takes a second answer to a call as a reason for another turn. What waited for nobody is not asked about.
 */
export async function isAnsweredElsewhere(
  rt: Runtime,
  workspaceId: WorkspaceId,
  conversationId: ConversationId,
  { thread, input }: TurnState,
): Promise<boolean> {
  if (input.kind !== 'answers') return false;
  const { rowCount } = await rt.database.pool.query(
    'SELECT 1 FROM draft WHERE workspace_id = $1 AND conversation_id = $2 AND message_id = $3 LIMIT 1',
    [workspaceId, conversationId, input.messageId],
  );
  if (rowCount === 0) return false;
  const pending = await rt.letta.require(thread.server).gateway.findPendingApproval(thread);
  return pending?.messageId !== input.messageId;
}

/** The same of answers of which it is not known whether they went out, once nobody stands at their call any more. */
export async function wasAnsweredByOthers(
  rt: Runtime,
  { thread, input }: TurnState,
  signal: AbortSignal,
): Promise<boolean> {
  if (input.kind !== 'answers') return false;
  const { gateway } = rt.letta.require(thread.server);
  return (await findAnswerer(gateway, thread, input.messageId, input.results, signal)) === 'others';
}
