import type { ConversationFact } from '@/lib/domain/conversation/conversation-state';
import { draftEntries } from '@/lib/protocol/entries/draft-entries';
import { inboxStream, type Stream } from '@/lib/protocol/stream';
import type { NewEntry } from '../ledger/command';

/** Whether a fact stands in the inbox, whatever conversation it is about. */
export const isOfInbox = ({ type }: ConversationFact): boolean => type in draftEntries;

/**
 * Facts of one decision as entries, each in its stream. A pointer of the conversation to a draft names the entry of the
 * inbox that it points to as its cause.
 */
export function toEntries(facts: readonly ConversationFact[], stream: Stream | null): NewEntry[] {
  const latest = new Map<string, number>();
  return facts.map((fact, index): NewEntry => {
    if (isOfInbox(fact)) {
      if ('draftId' in fact.payload && fact.payload.draftId) latest.set(fact.payload.draftId, index);
      return { ...fact, stream: inboxStream };
    }
    if (!stream) throw new Error(`${fact.type} belongs to a conversation`);
    if (fact.type !== 'draft.parked' && fact.type !== 'draft.settled') return { ...fact, stream };
    const cause = latest.get(fact.payload.draftId);
    return { ...fact, stream, ...(cause === undefined ? {} : { cause: { index: cause } }) };
  });
}
