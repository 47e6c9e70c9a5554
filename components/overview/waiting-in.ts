import type { Conversation } from '@/lib/protocol/conversation';
import type { Draft } from '@/lib/protocol/draft';

/** Conversations that stand still until a person does something, other than by a draft, which stands for itself. */
export function waitingIn(
  conversations: readonly Conversation[],
  drafts: readonly Pick<Draft, 'conversationId'>[],
): Conversation[] {
  const withDraft = new Set(drafts.map(({ conversationId }) => conversationId));
  return conversations.filter(({ id, state }) => state === 'paused' || (state === 'waiting' && !withDraft.has(id)));
}
