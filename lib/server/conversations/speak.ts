import type { ConversationDecision, ConversationState, Ids } from '@/lib/domain/conversation/conversation-state';
import { decideSpeak } from '@/lib/domain/conversation/decide-speak';
import { decideSpeakAs } from '@/lib/domain/conversation/decide-speak-as';
import type { Speak } from '@/lib/protocol/conversation';
import type { Entry } from '@/lib/protocol/entry';
import { type ConversationId, PersonId } from '@/lib/protocol/ids';
import type { Caller } from '../access/caller';
import type { IdempotencyKey } from '../ledger/command';
import type { Runtime } from '../runtime';
import { commitDecision } from './commit-decision';

/**
 * A person speaks to the agent in a seat, or as a seat that they hold. Resolves with the entry; it goes out when the
 * agent's thread is free.
 */
export async function speak(
  rt: Runtime,
  caller: Caller,
  conversationId: ConversationId,
  speech: Speak,
  idempotency?: IdempotencyKey,
): Promise<Entry> {
  const [entry] = await commitDecision(rt.ledger, {
    workspaceId: caller.workspaceId,
    conversationId,
    actor: caller.actor,
    decide: (state, ids) => decide(state, speech, caller, ids),
    idempotency,
    toAnswer: ([spoken]) => spoken,
  });
  if (!entry) throw new Error('speaking made no entry');
  return entry;
}

function decide(state: ConversationState, speech: Speak, { actor }: Caller, ids: Ids): ConversationDecision {
  const { to, as, content, deliver } = speech;
  const personId = PersonId.parse(actor.id);
  if (as !== undefined) return decideSpeakAs(state, { as, to, content, personId }, ids);
  if (to === undefined) return { ok: false, code: 'request.invalid', message: 'Say to whom.' };
  const isNext = deliver === 'next_step';
  return decideSpeak(state, { to, content, personId, personName: actor.name, isNext }, ids);
}
