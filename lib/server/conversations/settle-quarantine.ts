import { decideQuarantine } from '@/lib/domain/conversation/decide-quarantine';
import type { Entry } from '@/lib/protocol/entry';
import type { ConversationId, EntryId } from '@/lib/protocol/ids';
import type { SettleQuarantine } from '@/lib/protocol/seat';
import type { Caller } from '../access/caller';
import type { IdempotencyKey } from '../ledger/command';
import type { Runtime } from '../runtime';
import { commitDecision } from './commit-decision';
import { readDirectory } from './directory';
import { loadConversation } from './load-conversation';

/**
 * A person sends what the agent of a held seat produced on its way after all, or drops it. `entryId` is that of
 * output.quarantined. Resolves with the entries.
 */
export async function settleQuarantine(
  rt: Runtime,
  { workspaceId, actor }: Caller,
  conversationId: ConversationId,
  entryId: EntryId,
  { action, to }: SettleQuarantine,
  idempotency?: IdempotencyKey,
): Promise<Entry[]> {
  const { quarantine, seats, server } = await loadConversation(rt.database.pool, workspaceId, conversationId);
  const output = quarantine.find((each) => each.entryId === entryId);
  const pending = seats.find((each) => each.id === output?.seat)?.pending;
  const calls = action === 'release' ? (pending?.calls ?? []) : [];
  const named = calls.filter((call) => call.toolCallId === output?.toolCallId);
  const directory =
    named.length === 0
      ? { agents: new Map(), tagged: () => [] }
      : await readDirectory(rt, rt.letta.require(server).gateway, workspaceId, server, named);
  return commitDecision(rt.ledger, {
    workspaceId,
    conversationId,
    actor,
    decide: (state, ids) => decideQuarantine(state, entryId, { action, to, personName: actor.name }, directory, ids),
    idempotency,
    toAnswer: (entries) => ({ entries }),
  });
}
