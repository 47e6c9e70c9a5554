import { GiveVerdict } from '@/lib/protocol/draft';
import { DraftId } from '@/lib/protocol/ids';
import { giveVerdict } from '@/lib/server/drafts/give-verdicts';
import { write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: write({ role: 'reviewer' }, ({ rt, caller, param, body, idempotency }) =>
    giveVerdict(rt, caller, param('draftId', DraftId), body(GiveVerdict), idempotency),
  ),
});
