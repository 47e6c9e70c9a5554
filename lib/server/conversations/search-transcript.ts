import { toldBy } from '@/lib/domain/transcript/told-by';
import type { WireEntry } from '@/lib/protocol/entry';
import type { ConversationId, WorkspaceId } from '@/lib/protocol/ids';
import type { Page } from '@/lib/protocol/page';
import { conversationStream } from '@/lib/protocol/stream';
import type { Queryable } from '../ledger/command';
import { readStreamHolding } from '../ledger/read-entries';

const AT_ONCE = 500;

type Search = { words: string; after?: number | undefined; before?: number | undefined; limit: number };

/**
 * Entries of a conversation that tell `words`, in capitals or not: what people and agents said, reasoned, called and got
 * back. The first ones after `after`, or the last ones before `before`; ascending. `next` goes where that stood.
 */
export async function searchTranscript(
  db: Queryable,
  workspaceId: WorkspaceId,
  conversationId: ConversationId,
  { words, after = 0, before, limit }: Search,
): Promise<Page<WireEntry>> {
  const isBackwards = before !== undefined;
  const found = await search(db, workspaceId, conversationId, words, { after, before: before ?? null }, limit + 1);
  const items = isBackwards ? found.slice(-limit) : found.slice(0, limit);
  const edge = isBackwards ? items.at(0) : items.at(-1);
  return { items, next: found.length > limit && edge ? String(edge.streamSeq) : null };
}

/** At least `wanted` of them, where there are so many. */
async function search(
  db: Queryable,
  workspaceId: WorkspaceId,
  conversationId: ConversationId,
  words: string,
  place: { after: number; before: number | null },
  wanted: number,
): Promise<WireEntry[]> {
  const stream = conversationStream(conversationId);
  const lower = words.toLowerCase();
  const ascii = longestAscii(words);
  const isBackwards = place.before !== null;
  let { after, before } = place;
  let found: WireEntry[] = [];
  for (;;) {
    // The database finds candidates quickly, by their JSON; whether the words are in what was said is looked at here.
    const page = await readStreamHolding(db, workspaceId, stream, { ascii, after, before, limit: AT_ONCE });
    const hits = page.filter((entry) => toldBy(entry).texts.some(({ text }) => text.toLowerCase().includes(lower)));
    found = isBackwards ? [...hits, ...found] : [...found, ...hits];
    const edge = isBackwards ? page.at(0) : page.at(-1);
    if (found.length >= wanted || page.length < AT_ONCE || !edge) return found;
    if (isBackwards) before = edge.streamSeq;
    else after = edge.streamSeq;
  }
}

/** The longest part that lower() treats alike in every locale, as it stands in JSON; null where there is none. */
function longestAscii(words: string): string | null {
  const parts = words.split(/[^\x20-\x7e]+/);
  const longest = parts.toSorted((one, other) => other.length - one.length)[0] ?? '';
  return longest === '' ? null : JSON.stringify(longest).slice(1, -1);
}
