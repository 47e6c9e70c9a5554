import type { ChangeConversation, OpenConversation } from '@/lib/protocol/conversation';
import { api } from './api';
import { conversationsQuery } from './conversation-queries';
import { useWrite } from './use-write';

const pathOf = (conversationId: string) => `/api/conversations/${conversationId}`;
const refresh = [conversationsQuery.queryKey];

export const useOpenConversation = () =>
  useWrite(
    (body: OpenConversation, idempotencyKey) =>
      api({
        method: 'POST',
        path: '/api/conversations',
        body,
        answer: { later: (all) => all.Conversation },
        idempotencyKey,
      }),
    refresh,
  );

export const useChangeConversation = (conversationId: string) =>
  useWrite(
    (body: ChangeConversation, idempotencyKey) =>
      api({
        method: 'PATCH',
        path: pathOf(conversationId),
        body,
        answer: { later: (all) => all.Conversation },
        idempotencyKey,
      }),
    refresh,
  );

export const useDeleteConversation = (conversationId: string) =>
  useWrite(
    (_: null, idempotencyKey) =>
      api({
        method: 'DELETE',
        path: pathOf(conversationId),
        answer: { later: (all) => all.Conversation },
        idempotencyKey,
      }),
    refresh,
  );
