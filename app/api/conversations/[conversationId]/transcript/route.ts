import { ConversationId } from '@/lib/protocol/ids';
import { TranscriptQuery } from '@/lib/protocol/page';
import { exportTranscript } from '@/lib/server/conversations/export-transcript';
import { requireConversation } from '@/lib/server/conversations/read-conversations';
import { download } from '@/lib/server/http/download';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

const media = { md: 'text/markdown; charset=utf-8', json: 'application/json; charset=utf-8' };

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', async ({ rt, caller, param, query }) => {
    const { format } = query(TranscriptQuery);
    const { pool } = rt.database;
    const conversation = await requireConversation(pool, caller.workspaceId, param('conversationId', ConversationId));
    return download(exportTranscript(pool, caller.workspaceId, conversation, format), {
      contentType: media[format],
      filename: `conversation-${conversation.id}.${format}`,
    });
  }),
});
