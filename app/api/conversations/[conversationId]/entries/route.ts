import { ConversationId } from '@/lib/protocol/ids';
import { HistoryQuery } from '@/lib/protocol/page';
import { conversationStream } from '@/lib/protocol/stream';
import { requireConversation } from '@/lib/server/conversations/read-conversations';
import { searchTranscript } from '@/lib/server/conversations/search-transcript';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { readStream, readStreamBackwards, readStreamFrom } from '@/lib/server/ledger/read-entries';

/** History either way from a cursor, or from a time on, or what tells some words, always ascending from the first. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', async ({ rt, caller, param, query }) => {
    const conversationId = param('conversationId', ConversationId);
    const { after, before, from, q, limit } = query(HistoryQuery);
    const { pool } = rt.database;
    await requireConversation(pool, caller.workspaceId, conversationId);
    const stream = conversationStream(conversationId);
    if (q !== undefined) {
      const place = { after: after ?? 0, before: before ?? null, limit: limit + 1 };
      const found = await searchTranscript(pool, caller.workspaceId, conversationId, { words: q, ...place });
      const items = before === undefined ? found.slice(0, limit) : found.slice(-limit);
      const edge = before === undefined ? items.at(-1) : items.at(0);
      return { items, next: found.length > limit && edge ? String(edge.streamSeq) : null };
    }
    if (before !== undefined) {
      const items = await readStreamBackwards(pool, caller.workspaceId, stream, { before, limit });
      const first = items[0]?.streamSeq ?? 1;
      return { items, next: first > 1 ? String(first) : null };
    }
    const items =
      from === undefined
        ? await readStream(pool, caller.workspaceId, stream, { after: after ?? 0, limit: limit + 1 })
        : await readStreamFrom(pool, caller.workspaceId, stream, { from, limit: limit + 1 });
    const shown = items.slice(0, limit);
    return { items: shown, next: items.length > limit ? String(shown.at(-1)?.streamSeq ?? 0) : null };
  }),
});
