import { type ConversationEntry, knownConversationEntry } from './conversation-entry';
import { WireEntry } from './wire-entry';

/**
 * An entry as a conversation is folded from it: read once, where it came in, so that whatever it is handed on to needs no
 * schema. Not `understood`: redacted, of a type that no conversation knows, or not of that type's shape.
 */
export type ToldEntry = (ConversationEntry & { understood: true }) | (WireEntry & { understood: false });

export function toldEntry(wire: WireEntry): ToldEntry {
  const known = knownConversationEntry(wire);
  return known ? { ...known, understood: true } : { ...wire, understood: false };
}

/** The same from an answer. */
export const ToldEntry = WireEntry.transform(toldEntry);
