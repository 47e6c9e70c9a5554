import { Conversation } from '@/lib/protocol/conversation';
import { type ChangeSettings, Settings } from '@/lib/protocol/settings';
import { api } from './api';
import { agentsQuery, conversationsQuery, lettaServersQuery, settingsQuery } from './queries';
import { useWrite } from './use-write';

export const useChangeSettings = () =>
  useWrite(
    (body: ChangeSettings, idempotencyKey) =>
      api({ method: 'PUT', path: '/api/settings', body, answer: Settings, idempotencyKey }),
    [settingsQuery.queryKey, lettaServersQuery.queryKey, agentsQuery.queryKey],
  );

/** Lets Alice and Bob talk from the beginning, in a conversation of their own. */
export const useStartDemo = () =>
  useWrite(
    (_: null, idempotencyKey) =>
      api({ method: 'POST', path: '/api/sandbox/demo', answer: Conversation, idempotencyKey }),
    [conversationsQuery.queryKey, agentsQuery.queryKey],
  );
