import { DraftId } from '@/lib/protocol/ids';
import { commitDraft } from '@/lib/server/drafts/commit-draft';
import { write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: write({ role: 'reviewer' }, ({ rt, caller, param, idempotency }) =>
    commitDraft(rt, {
      workspaceId: caller.workspaceId,
      draftId: param('draftId', DraftId),
      event: { kind: 'retry' },
      by: caller,
      idempotency,
    }),
  ),
});
