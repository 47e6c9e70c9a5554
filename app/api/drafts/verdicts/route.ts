import { GiveVerdicts } from '@/lib/protocol/draft';
import { giveVerdicts } from '@/lib/server/drafts/give-verdicts';
import { write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: write({ role: 'reviewer' }, ({ rt, caller, body, idempotency }) =>
    giveVerdicts(rt, caller, body(GiveVerdicts), idempotency),
  ),
});
