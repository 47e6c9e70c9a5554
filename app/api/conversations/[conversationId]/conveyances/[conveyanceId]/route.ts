import { SettleConveyance } from '@/lib/protocol/conversation';
import { ConversationId, ConveyanceId } from '@/lib/protocol/ids';
import { settleConveyance } from '@/lib/server/conversations/settle-conveyance';
import { write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: write({ role: 'reviewer' }, async ({ rt, caller, param, body, idempotency }) => {
    const conversationId = param('conversationId', ConversationId);
    const conveyanceId = param('conveyanceId', ConveyanceId);
    const { action } = body(SettleConveyance);
    return { entries: await settleConveyance(rt, caller, conversationId, conveyanceId, action, idempotency) };
  }),
});
