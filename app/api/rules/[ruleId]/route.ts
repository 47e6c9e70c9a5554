import { RuleId } from '@/lib/protocol/ids';
import { revokeRule } from '@/lib/server/drafts/standing-rules';
import { write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  DELETE: write({ role: 'operator' }, ({ rt, caller, param, idempotency }) =>
    revokeRule(rt, caller, param('ruleId', RuleId), idempotency),
  ),
});
