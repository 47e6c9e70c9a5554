import type { QueryClient } from '@tanstack/react-query';
import type { Conversation } from '@/lib/protocol/conversation';
import type { ConversationSummaries } from '@/lib/protocol/socket';
import { conversationsQuery } from './conversation-queries';

type Listed = { items: Conversation[]; more: boolean };

/** The list with what is told of some of its conversations: the newest activity first, as it is read. */
export function withSummaries(list: Listed, { conversations, gone }: ConversationSummaries): Listed {
  const told = new Set<string>([...conversations.map(({ id }) => id), ...gone]);
  const others = list.items.filter(({ id }) => !told.has(id));
  return { ...list, items: [...others, ...conversations].sort(byActivity) };
}

const byActivity = (one: Conversation, other: Conversation): number =>
  other.lastActivityAt.localeCompare(one.lastActivityAt) || other.id.localeCompare(one.id);

/** Puts what is told into the list that the page holds, if it holds one. */
export function takeSummaries(queryClient: QueryClient, summaries: ConversationSummaries): void {
  queryClient.setQueryData(conversationsQuery.queryKey, (known) => known && withSummaries(known, summaries));
}
