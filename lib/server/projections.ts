import { conversationProjection } from './conversations/conversation-projection';
import { draftProjection } from './drafts/draft-projection';
import type { Projection } from './ledger/projection';
import type { KnownTasks } from './tasks/known-tasks';
import { taskProjection } from './tasks/task-projection';

/** Every projection of the ledger: whoever appends writes all of them. */
export const allProjections = (knownTasks: Pick<KnownTasks, 'recordBefore' | 'note'>): readonly Projection[] => [
  conversationProjection,
  draftProjection,
  taskProjection(knownTasks),
];
