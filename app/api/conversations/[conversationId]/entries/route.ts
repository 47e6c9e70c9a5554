import { ConversationId } from '@/lib/protocol/ids';
import { HistoryQuery } from '@/lib/protocol/page';
import { conversationStream } from '@/lib/protocol/stream';
import { requireConversation } from '@/lib/server/conversations/read-conversations';
import { searchTranscript } from '@/lib/server/conversations/search-transcript';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { readHistory } from '@/lib/server/ledger/read-history';

/** History either way from a cursor, or from a time on, or what tells some words, always ascending from the first. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', async ({ rt, caller, param, query }) => {
    const conversationId = param('conversationId', ConversationId);
    const { q, ...place } = query(HistoryQuery);
    const { pool } = rt.database;
    await requireConversation(pool, caller.workspaceId, conversationId);
    return q === undefined
      ? readHistory(pool, caller.workspaceId, conversationStream(conversationId), place)
      : searchTranscript(pool, caller.workspaceId, conversationId, { ...place, words: q });
  }),
});
