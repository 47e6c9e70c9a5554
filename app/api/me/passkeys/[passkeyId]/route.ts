import { Name } from '@/lib/protocol/text';
import { removePasskey } from '@/lib/server/access/passkeys';
import { write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  DELETE: write({ role: 'viewer' }, ({ rt, caller, param, idempotency }) =>
    removePasskey(rt, caller, param('passkeyId', Name), idempotency),
  ),
});
