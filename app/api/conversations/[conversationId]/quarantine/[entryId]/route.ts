import { ConversationId, EntryId } from '@/lib/protocol/ids';
import { SettleQuarantine } from '@/lib/protocol/seat';
import { settleQuarantine } from '@/lib/server/conversations/settle-quarantine';
import { write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: write({ role: 'reviewer' }, async ({ rt, caller, param, body, idempotency }) => {
    const conversationId = param('conversationId', ConversationId);
    const entryId = param('entryId', EntryId);
    return {
      entries: await settleQuarantine(rt, caller, conversationId, entryId, body(SettleQuarantine), idempotency),
    };
  }),
});
