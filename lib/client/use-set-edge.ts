import type { Edge } from '@/lib/protocol/conversation';
import { api } from './api';
import { conversationQuery } from './conversation-queries';
import { useWrite } from './use-write';

/** Sets what becomes of messages in one direction. Apart from the other answers to drafts: every conversation shows it. */
export const useSetEdge = (conversationId: string) =>
  useWrite(
    (body: Edge, idempotencyKey) =>
      api({
        method: 'PUT',
        path: `/api/conversations/${conversationId}/edges`,
        body,
        answer: { later: (all) => all.Edge },
        idempotencyKey,
      }),
    [conversationQuery(conversationId).queryKey],
  );
