import { ConversationId } from '@/lib/protocol/ids';
import { HistoryQuery } from '@/lib/protocol/page';
import { conversationStream } from '@/lib/protocol/stream';
import { requireConversation } from '@/lib/server/conversations/read-conversations';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { readStream, readStreamBackwards } from '@/lib/server/ledger/read-entries';

/** History either way from a cursor, always ascending: from the first on, after one, or the last before one. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', async ({ rt, caller, param, query }) => {
    const conversationId = param('conversationId', ConversationId);
    const { after, before, limit } = query(HistoryQuery);
    const { pool } = rt.database;
    await requireConversation(pool, caller.workspaceId, conversationId);
    const stream = conversationStream(conversationId);
    if (before !== undefined) {
      const items = await readStreamBackwards(pool, caller.workspaceId, stream, { before, limit });
      const first = items[0]?.streamSeq ?? 1;
      return { items, next: first > 1 ? String(first) : null };
    }
    const items = await readStream(pool, caller.workspaceId, stream, { after: after ?? 0, limit: limit + 1 });
    const shown = items.slice(0, limit);
    return { items: shown, next: items.length > limit ? String(shown.at(-1)?.streamSeq ?? 0) : null };
  }),
});
