import { DraftQuery } from '@/lib/protocol/draft';
import { listDrafts } from '@/lib/server/drafts/read-drafts';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', ({ rt, caller, query }) => listDrafts(rt.database.pool, caller.workspaceId, query(DraftQuery))),
});
