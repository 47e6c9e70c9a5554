import { ChangeMe } from '@/lib/protocol/person';
import { describeMe } from '@/lib/server/access/describe-me';
import { requireSession } from '@/lib/server/access/require-session';
import { read, write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { changePerson } from '@/lib/server/people/change-person';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', ({ rt, caller }) => describeMe(rt, caller)),
  PATCH: write({ role: 'viewer' }, ({ rt, caller, body, idempotency }) =>
    changePerson(rt, caller, requireSession(caller).personId, body(ChangeMe), idempotency),
  ),
});
