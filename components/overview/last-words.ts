import type { Conversation } from '@/lib/protocol/conversation';
import { type ConversationEntry, knownConversationEntry } from '@/lib/protocol/conversation-entry';
import type { WireEntry } from '@/lib/protocol/entry';

/** Who spoke last, and what: `seat` null when it was somebody without one; `isPerson` when that was a person. */
export type LastWords = { id: string; seat: string | null; isPerson: boolean; name: string; text: string };

/** One thing said, for the small history of a conversation. `at` in milliseconds since 1970. */
export type Beat = { seat: string; at: number; length: number };

function wordsOf(entry: ConversationEntry): { seat: string | null; text: string } | null {
  switch (entry.type) {
    case 'message.sent':
      return { seat: entry.payload.from, text: entry.payload.content };
    case 'message.spoken':
      return { seat: entry.payload.as ?? null, text: entry.payload.content };
    case 'message.seen':
      if (entry.payload.messageType !== 'assistant_message' || !entry.payload.content) return null;
      return { seat: entry.payload.seat, text: entry.payload.content };
    default:
      return null;
  }
}

/** The newest `count` things said among ascending entries of a conversation, the last one last. */
export function lastWords(entries: readonly WireEntry[], seats: Conversation['seats'], count: number): LastWords[] {
  const found: LastWords[] = [];
  for (const wire of entries.toReversed()) {
    if (found.length === count) break;
    const entry = knownConversationEntry(wire);
    const words = entry && wordsOf(entry);
    if (!entry || !words) continue;
    const name = seats.find((seat) => seat.id === words.seat)?.name ?? entry.actor.name;
    const isPerson = words.seat === null && entry.actor.kind === 'person';
    found.push({ id: entry.id, seat: words.seat, isPerson, name, text: words.text });
  }
  return found.toReversed();
}

/** What the seats wrote, as beats in time: one for each message seen that a seat's agent made. */
export function beatsOf(entries: readonly WireEntry[]): Beat[] {
  return entries.flatMap((wire) => {
    const entry = knownConversationEntry(wire);
    if (entry?.type !== 'message.seen' || entry.payload.messageType === 'user_message') return [];
    const { seat, content, reasoning, toolCall } = entry.payload;
    const length = (content ?? reasoning ?? toolCall?.arguments ?? '').length;
    return [{ seat, at: Date.parse(entry.payload.date), length }];
  });
}
