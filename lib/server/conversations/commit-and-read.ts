import type { ConversationDecision, ConversationState, Ids } from '@/lib/domain/conversation/conversation-state';
import type { Conversation } from '@/lib/protocol/conversation';
import type { ConversationId } from '@/lib/protocol/ids';
import type { Caller } from '../access/caller';
import type { IdempotencyKey, Queryable } from '../ledger/command';
import type { Runtime } from '../runtime';
import { commitDecision } from './commit-decision';
import { requireConversation } from './read-conversations';

/**
 * Carries a decision out and resolves with the conversation as its transaction leaves it, which is what a repeat of the
 * request is answered with.
 */
export async function commitAndRead(
  { ledger }: Runtime,
  { workspaceId, actor }: Caller,
  conversationId: ConversationId,
  decide: (state: ConversationState, ids: Ids) => ConversationDecision,
  idempotency: IdempotencyKey | undefined,
): Promise<Conversation> {
  const read: Conversation[] = []; // once for each time that it was decided
  const readAnswer = async (db: Queryable) => {
    const conversation = await requireConversation(db, workspaceId, conversationId);
    read.push(conversation);
    return conversation;
  };
  await commitDecision(ledger, { workspaceId, conversationId, actor, decide, idempotency, readAnswer });
  const left = read.at(-1);
  if (!left) throw new Error('a conversation was changed and not read');
  return left;
}
