import { Speak } from '@/lib/protocol/conversation';
import { ConversationId } from '@/lib/protocol/ids';
import { speak } from '@/lib/server/conversations/speak';
import { write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: write({ role: 'reviewer', status: 202 }, ({ rt, caller, param, body, idempotency }) =>
    speak(rt, caller, param('conversationId', ConversationId), body(Speak), idempotency),
  ),
});
