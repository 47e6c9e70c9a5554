import { OpenConversation } from '@/lib/protocol/conversation';
import { PageQuery } from '@/lib/protocol/page';
import { openConversation } from '@/lib/server/conversations/open-conversation';
import { listConversations } from '@/lib/server/conversations/read-conversations';
import { read, write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', ({ rt, caller, query }) =>
    listConversations(rt.database.pool, caller.workspaceId, query(PageQuery)),
  ),
  POST: write({ role: 'operator', status: 201 }, ({ rt, caller, body, idempotency }) =>
    openConversation(rt, caller, body(OpenConversation), idempotency),
  ),
});
