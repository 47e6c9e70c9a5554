import { SetEdge } from '@/lib/protocol/conversation';
import { ConversationId } from '@/lib/protocol/ids';
import { setEdge } from '@/lib/server/conversations/set-edge';
import { write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  PUT: write({ role: 'operator' }, ({ rt, caller, param, body, idempotency }) =>
    setEdge(rt, caller, param('conversationId', ConversationId), body(SetEdge), idempotency),
  ),
});
