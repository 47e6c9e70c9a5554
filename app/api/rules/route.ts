import { MakeRule } from '@/lib/protocol/draft';
import { PageQuery } from '@/lib/protocol/page';
import { listRules, makeRule } from '@/lib/server/drafts/standing-rules';
import { read, write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', ({ rt, caller, query }) => listRules(rt.database.pool, caller.workspaceId, query(PageQuery))),
  POST: write({ role: 'operator', status: 201 }, ({ rt, caller, body, idempotency }) =>
    makeRule(rt, caller, body(MakeRule), idempotency),
  ),
});
