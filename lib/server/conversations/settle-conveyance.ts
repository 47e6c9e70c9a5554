import { decideSettle } from '@/lib/domain/conversation/decide-settle';
import type { Entry } from '@/lib/protocol/entry';
import type { ConversationId, ConveyanceId } from '@/lib/protocol/ids';
import type { Caller } from '../access/caller';
import type { IdempotencyKey } from '../ledger/command';
import type { Runtime } from '../runtime';
import { commitDecision } from './commit-decision';

/** A person sends a message again whose delivery failed or is in doubt, or gives it up. Resolves with the entries. */
export const settleConveyance = (
  rt: Runtime,
  caller: Caller,
  conversationId: ConversationId,
  conveyanceId: ConveyanceId,
  action: 'retry' | 'drop',
  idempotency?: IdempotencyKey,
): Promise<Entry[]> =>
  commitDecision(rt.ledger, {
    workspaceId: caller.workspaceId,
    conversationId,
    actor: caller.actor,
    decide: (state, ids) => decideSettle(state, conveyanceId, action, ids),
    idempotency,
    toAnswer: (entries) => ({ entries }),
  });
