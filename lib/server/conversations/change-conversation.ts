import type { ConversationDecision, ConversationState, Ids } from '@/lib/domain/conversation/conversation-state';
import { decideChange } from '@/lib/domain/conversation/decide-change';
import { decideStop } from '@/lib/domain/conversation/decide-stop';
import type { ChangeConversation, Conversation } from '@/lib/protocol/conversation';
import type { ConversationId } from '@/lib/protocol/ids';
import type { Caller } from '../access/caller';
import type { IdempotencyKey } from '../ledger/command';
import type { Runtime } from '../runtime';
import { adoptConversation } from './adopt-conversation';
import { commitAndRead } from './commit-and-read';
import { requireConversation } from './read-conversations';

/** Adopts, renames, pauses, resumes or stops a conversation, or gives it more turns. */
export async function changeConversation(
  rt: Runtime,
  caller: Caller,
  conversationId: ConversationId,
  change: ChangeConversation,
  idempotency?: IdempotencyKey,
): Promise<Conversation> {
  const { conveyance, ...rest } = change;
  if (conveyance !== undefined) {
    await adoptConversation(rt, caller, conversationId, { conveyance, maxTurns: rest.maxTurns });
  }
  if (Object.keys(rest).length === 0) return requireConversation(rt.database.pool, caller.workspaceId, conversationId);
  return commitAndRead(rt, caller, conversationId, (state, ids) => decideChange(state, rest, ids), idempotency);
}

/** Stops a conversation, where it still runs, and takes it out of the lists. What it holds stays in the ledger. */
export async function archiveConversation(
  rt: Runtime,
  caller: Caller,
  conversationId: ConversationId,
  idempotency?: IdempotencyKey,
): Promise<Conversation> {
  const decide = (state: ConversationState, ids: Ids): ConversationDecision => {
    const stopped = decideStop(state, { why: 'person', reason: 'Archived by a person.' }, ids);
    return stopped.ok && !state.isArchived
      ? { ...stopped, facts: [...stopped.facts, { type: 'conversation.archived', payload: {} }] }
      : stopped;
  };
  return commitAndRead(rt, caller, conversationId, decide, idempotency);
}
