import { DraftQuery } from '@/lib/protocol/draft';
import { listDrafts } from '@/lib/server/drafts/read-drafts';
import { withViewers } from '@/lib/server/drafts/with-viewers';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', async ({ rt, caller, query }) => {
    const { items, next } = await listDrafts(rt.database.pool, caller.workspaceId, query(DraftQuery));
    return { items: items.map((draft) => withViewers(rt, draft)), next };
  }),
});
