import { queryOptions } from '@tanstack/react-query';
import { Conversation } from '@/lib/protocol/conversation';
import { api } from './api';

export const conversationPath = (conversationId: string) => `/api/conversations/${conversationId}`;

export const conversationQuery = (conversationId: string) =>
  queryOptions({
    queryKey: ['live', 'conversation', conversationId],
    queryFn: ({ signal }) => api({ path: conversationPath(conversationId), answer: Conversation, signal }),
  });
