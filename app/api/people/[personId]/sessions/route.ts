import { PersonId } from '@/lib/protocol/ids';
import { endSessionsOf } from '@/lib/server/access/end-sessions';
import { write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  DELETE: write({ role: 'admin' }, ({ rt, caller, param, idempotency }) =>
    endSessionsOf(rt, caller, param('personId', PersonId), idempotency),
  ),
});
