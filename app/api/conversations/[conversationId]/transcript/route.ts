import { ConversationId } from '@/lib/protocol/ids';
import { TranscriptQuery } from '@/lib/protocol/page';
import { exportTranscript } from '@/lib/server/conversations/export-transcript';
import { requireConversation } from '@/lib/server/conversations/read-conversations';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

const media = { md: 'text/markdown; charset=utf-8', json: 'application/json; charset=utf-8' };

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', async ({ rt, caller, param, query }) => {
    const { format } = query(TranscriptQuery);
    const { pool } = rt.database;
    const conversation = await requireConversation(pool, caller.workspaceId, param('conversationId', ConversationId));
    const pieces = exportTranscript(pool, caller.workspaceId, conversation, format);
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      cancel: async () => {
        await pieces.return(undefined);
      },
    });
    return new Response(body, {
      headers: {
        'Content-Type': media[format],
        'Content-Disposition': `attachment; filename="conversation-${conversation.id}.${format}"`,
        'Cache-Control': 'no-store',
      },
    });
  }),
});
