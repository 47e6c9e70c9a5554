import { queryOptions } from '@tanstack/react-query';
import { api, apiList } from './api';

/** How often a list that is on the screen is fetched anew: what the live stream says of it may get lost. */
export const REFRESH_MS = 20_000;

export const conversationPath = (conversationId: string) => `/api/conversations/${conversationId}`;

/** Keys of what the live stream keeps fresh begin with `live`; see live.ts. */
export const conversationsQuery = queryOptions({
  queryKey: ['live', 'conversations'],
  queryFn: ({ signal }) => apiList('/api/conversations', { later: (all) => all.Conversation }, signal),
});

export const conversationQuery = (conversationId: string) =>
  queryOptions({
    queryKey: ['live', 'conversation', conversationId],
    queryFn: ({ signal }) =>
      api({ path: conversationPath(conversationId), answer: { later: (all) => all.Conversation }, signal }),
  });
