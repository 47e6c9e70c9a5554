import { ConversationId } from '@/lib/protocol/ids';
import { PastQuery } from '@/lib/protocol/page';
import { readPast } from '@/lib/server/conversations/read-past';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', ({ rt, caller, param, query }) =>
    readPast(rt, caller, param('conversationId', ConversationId), query(PastQuery)),
  ),
});
