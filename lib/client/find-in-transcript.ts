import { queryOptions } from '@tanstack/react-query';
import { type ConversationEntry, knownConversationEntry } from '@/lib/protocol/conversation-entry';
import { pageOf } from '@/lib/protocol/page';
import { WireEntry } from '@/lib/protocol/wire-entry';
import { api } from './api';
import { BEYOND_ALL } from './newest-entries';

const FOUND_MAX = 500;

/** What was found in a transcript, the newest first; `more` says that there is more before it. */
export type Found = { places: readonly number[]; more: boolean };

/** Where `text` was said in a conversation, as streamSeqs of the entries that tell of it. */
export const foundInTranscriptQuery = (conversationId: string, text: string) =>
  queryOptions({
    queryKey: ['found', conversationId, text],
    queryFn: async ({ signal }): Promise<Found> => {
      const { items } = await api({
        path: `/api/conversations/${conversationId}/entries`,
        query: { q: text, before: BEYOND_ALL, limit: FOUND_MAX },
        answer: pageOf(WireEntry),
        signal,
      });
      return { places: placesOf(items, text), more: items.length === FOUND_MAX };
    },
    enabled: text !== '',
    staleTime: 10_000,
  });

/** One place for each thing that was said: the ledger tells of a message up to four times. */
export function placesOf(entries: readonly WireEntry[], text: string): number[] {
  const told = new Set<string>();
  return entries
    .flatMap((wire) => {
      const entry = knownConversationEntry(wire);
      const said = entry && saidIn(entry);
      if (!said?.text.toLowerCase().includes(text.toLowerCase())) return [];
      const isNew = !told.has(said.id);
      told.add(said.id);
      return isNew ? [wire.streamSeq] : [];
    })
    .reverse();
}

/** What an entry says in words, and which message of a pane that belongs to. */
function saidIn(entry: ConversationEntry): { id: string; text: string } | null {
  switch (entry.type) {
    case 'message.spoken':
      return { id: `otid:${entry.payload.otid}`, text: entry.payload.content };
    case 'message.sent':
    case 'message.received':
      return { id: `conveyance:${entry.payload.conveyanceId}`, text: entry.payload.content };
    case 'message.seen': {
      const { otid, messageId, messageType, content, reasoning, toolCall, toolReturn } = entry.payload;
      if (messageType === 'approval_response_message') return null;
      const id = otid === null ? `${messageType}:${messageId}` : `otid:${otid}`;
      return { id, text: [content, reasoning, toolCall?.arguments, toolReturn?.text].filter(Boolean).join('\n') };
    }
    case 'memory.changed': {
      const { before, after } = entry.payload;
      return { id: `memory:${entry.id}`, text: [before, after].filter(Boolean).join('\n') };
    }
    default:
      return null;
  }
}
