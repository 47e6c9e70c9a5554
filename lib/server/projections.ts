import { conversationProjection } from './conversations/conversation-projection';
import type { Projection } from './ledger/projection';

/** Every projection of the ledger: whoever appends writes all of them. */
export const projections: readonly Projection[] = [conversationProjection];
