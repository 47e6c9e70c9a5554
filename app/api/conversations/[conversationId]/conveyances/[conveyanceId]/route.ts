import { z } from 'zod';
import { ConversationId, ConveyanceId } from '@/lib/protocol/ids';
import { settleConveyance } from '@/lib/server/conversations/settle-conveyance';
import { write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

const Settle = z.strictObject({ action: z.enum(['retry', 'drop']) });

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: write({ role: 'reviewer' }, async ({ rt, caller, param, body, idempotency }) => {
    const conversationId = param('conversationId', ConversationId);
    const conveyanceId = param('conveyanceId', ConveyanceId);
    const { action } = body(Settle);
    return { entries: await settleConveyance(rt, caller, conversationId, conveyanceId, action, idempotency) };
  }),
});
