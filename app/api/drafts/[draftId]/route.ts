import { DraftId } from '@/lib/protocol/ids';
import { requireDraft } from '@/lib/server/drafts/read-drafts';
import { withViewers } from '@/lib/server/drafts/with-viewers';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', async ({ rt, caller, param }) =>
    withViewers(rt, await requireDraft(rt.database.pool, caller.workspaceId, param('draftId', DraftId))),
  ),
});
