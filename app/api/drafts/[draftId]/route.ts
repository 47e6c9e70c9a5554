import { DraftId } from '@/lib/protocol/ids';
import { requireDraft } from '@/lib/server/drafts/read-drafts';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', ({ rt, caller, param }) =>
    requireDraft(rt.database.pool, caller.workspaceId, param('draftId', DraftId)),
  ),
});
