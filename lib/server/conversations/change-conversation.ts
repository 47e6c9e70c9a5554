import { decideChange } from '@/lib/domain/conversation/decide-change';
import { decideStop } from '@/lib/domain/conversation/decide-stop';
import type { ChangeConversation, Conversation } from '@/lib/protocol/conversation';
import type { ConversationId } from '@/lib/protocol/ids';
import type { Caller } from '../access/caller';
import type { Runtime } from '../runtime';
import { commitDecision } from './commit-decision';
import { requireConversation } from './read-conversations';

/** Renames, pauses, resumes or stops a conversation, or gives it more turns. */
export async function changeConversation(
  rt: Runtime,
  caller: Caller,
  conversationId: ConversationId,
  change: ChangeConversation,
): Promise<Conversation> {
  const { workspaceId, actor } = caller;
  await commitDecision(rt.ledger, {
    workspaceId,
    conversationId,
    actor,
    decide: (state, ids) => decideChange(state, change, ids),
  });
  return requireConversation(rt.database.pool, workspaceId, conversationId);
}

/** Stops a conversation, where it still runs, and takes it out of the lists. What it holds stays in the ledger. */
export async function archiveConversation(
  rt: Runtime,
  caller: Caller,
  conversationId: ConversationId,
): Promise<Conversation> {
  const { workspaceId, actor } = caller;
  await commitDecision(rt.ledger, {
    workspaceId,
    conversationId,
    actor,
    decide: (state, ids) => {
      const stopped = decideStop(state, { why: 'person', reason: 'Archived by a person.' }, ids);
      return stopped.ok
        ? { ...stopped, facts: [...stopped.facts, { type: 'conversation.archived', payload: {} }] }
        : stopped;
    },
  });
  return requireConversation(rt.database.pool, workspaceId, conversationId);
}
