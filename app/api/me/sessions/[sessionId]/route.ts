import { Name } from '@/lib/protocol/text';
import { endSession } from '@/lib/server/access/end-sessions';
import { write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  DELETE: write({ role: 'viewer' }, ({ rt, caller, param, idempotency }) =>
    endSession(rt, caller, param('sessionId', Name), idempotency),
  ),
});
