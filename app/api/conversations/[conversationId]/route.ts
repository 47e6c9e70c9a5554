import { ChangeConversation } from '@/lib/protocol/conversation';
import { ConversationId } from '@/lib/protocol/ids';
import { archiveConversation, changeConversation } from '@/lib/server/conversations/change-conversation';
import { requireConversation } from '@/lib/server/conversations/read-conversations';
import { read, write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', ({ rt, caller, param }) =>
    requireConversation(rt.database.pool, caller.workspaceId, param('conversationId', ConversationId)),
  ),
  PATCH: write({ role: 'operator' }, ({ rt, caller, param, body, idempotency }) =>
    changeConversation(rt, caller, param('conversationId', ConversationId), body(ChangeConversation), idempotency),
  ),
  DELETE: write({ role: 'operator' }, ({ rt, caller, param, idempotency }) =>
    archiveConversation(rt, caller, param('conversationId', ConversationId), idempotency),
  ),
});
