import { conversationEntries } from './entries/conversation-entries';
import { draftPointers } from './entries/draft-pointers';
import { seatEntries } from './entries/seat-entries';
import { unknownEntry } from './entries/unknown-entry';
import type { Entry } from './entry';
import type { WireEntry } from './wire-entry';

/** The payload of every entry type that the stream of a conversation holds: what a page needs to show one. */
const payloads = { ...conversationEntries, ...draftPointers, ...seatEntries, ...unknownEntry } as const;

type ConversationEntryType = keyof typeof payloads;
export type ConversationEntry = Extract<Entry, { type: ConversationEntryType }>;

const isConversationEntryType = (type: string): type is ConversationEntryType => Object.hasOwn(payloads, type);

/** As `knownEntry` of entry.ts, of entries in the stream of a conversation; null for those of all others. */
export function knownConversationEntry(wire: WireEntry): ConversationEntry | null {
  if (wire.payload === null || !isConversationEntryType(wire.type)) return null;
  const payload = payloads[wire.type].safeParse(wire.payload);
  // The table guarantees that this payload is the one of this type; TypeScript cannot follow a type through a lookup.
  return payload.success ? ({ ...wire, payload: payload.data } as ConversationEntry) : null;
}
