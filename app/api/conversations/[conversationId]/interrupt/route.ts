import { Interrupt } from '@/lib/protocol/conversation';
import { ConversationId } from '@/lib/protocol/ids';
import { interruptSeat } from '@/lib/server/conversations/interrupt-seat';
import { write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: write({ role: 'reviewer' }, ({ rt, caller, param, body }) =>
    interruptSeat(rt, caller, param('conversationId', ConversationId), body(Interrupt).seat),
  ),
});
