import { decideSpeak } from '@/lib/domain/conversation/decide-speak';
import type { Speak } from '@/lib/protocol/conversation';
import type { Entry } from '@/lib/protocol/entry';
import { type ConversationId, PersonId } from '@/lib/protocol/ids';
import type { Caller } from '../access/caller';
import type { IdempotencyKey } from '../ledger/command';
import type { Runtime } from '../runtime';
import { commitDecision } from './commit-decision';

/** A person speaks to the agent in a seat. Resolves with the entry; it goes out when the agent's thread is free. */
export async function speak(
  rt: Runtime,
  caller: Caller,
  conversationId: ConversationId,
  { to, content }: Speak,
  idempotency?: IdempotencyKey,
): Promise<Entry> {
  const [entry] = await commitDecision(rt.ledger, {
    workspaceId: caller.workspaceId,
    conversationId,
    actor: caller.actor,
    decide: (state, ids) =>
      decideSpeak(
        state,
        { to, content, personId: PersonId.parse(caller.actor.id), personName: caller.actor.name },
        ids,
      ),
    idempotency,
    toAnswer: ([spoken]) => spoken,
  });
  if (!entry) throw new Error('speaking made no entry');
  return entry;
}
