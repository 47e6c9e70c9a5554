import { conversationProjection } from './conversations/conversation-projection';
import { draftProjection } from './drafts/draft-projection';
import type { Projection } from './ledger/projection';
import { taskProjection } from './tasks/task-projection';

/** Every projection of the ledger: whoever appends writes all of them. */
export const projections: readonly Projection[] = [conversationProjection, draftProjection, taskProjection];
