import { z } from 'zod';
import { OpenConversation } from '@/lib/protocol/conversation';
import { PageQuery } from '@/lib/protocol/page';
import { Instant } from '@/lib/protocol/text';
import { openConversation } from '@/lib/server/conversations/open-conversation';
import { listConversations } from '@/lib/server/conversations/read-conversations';
import { decodeCursor, encodeCursor } from '@/lib/server/http/cursor';
import { read, write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

const Position = z.tuple([Instant, z.uuid()]);

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', async ({ rt, caller, query }) => {
    const { after, limit } = query(PageQuery);
    const [lastActivityAt, id] = decodeCursor(Position, after) ?? [];
    const position = lastActivityAt !== undefined && id !== undefined ? { lastActivityAt, id } : null;
    const page = await listConversations(rt.database.pool, caller.workspaceId, { after: position, limit });
    return { items: page.items, next: page.next && encodeCursor([page.next.lastActivityAt, page.next.id]) };
  }),
  POST: write({ role: 'operator', status: 201 }, ({ rt, caller, body, idempotency }) =>
    openConversation(rt, caller, body(OpenConversation), idempotency),
  ),
});
