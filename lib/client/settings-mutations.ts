import { Conversation } from '@/lib/protocol/conversation';
import { type ChangeSettings, ClearedDemo, DemoShown, Settings } from '@/lib/protocol/settings';
import { agentsQuery } from './agent-queries';
import { api } from './api';
import { conversationsQuery } from './conversation-queries';
import { lettaServersQuery } from './letta-servers-query';
import { settingsQuery } from './settings-query';
import { tasksQuery } from './task-queries';
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

/** At the first look of a person at an untouched sandbox: one draft is parked, and one simulated task runs. */
export const useShowDemo = () =>
  useWrite(
    (_: null, idempotencyKey) => api({ method: 'PUT', path: '/api/sandbox/demo', answer: DemoShown, idempotencyKey }),
    [settingsQuery.queryKey],
  );

/** Takes Alice and Bob away, their conversation and their task. */
export const useClearDemo = () =>
  useWrite(
    (_: null, idempotencyKey) =>
      api({ method: 'DELETE', path: '/api/sandbox/demo', answer: ClearedDemo, idempotencyKey }),
    [conversationsQuery.queryKey, agentsQuery.queryKey, tasksQuery.queryKey],
  );
