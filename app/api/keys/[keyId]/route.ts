import { KeyId } from '@/lib/protocol/ids';
import { read, write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { requireKey } from '@/lib/server/keys/require-key';
import { revokeKey } from '@/lib/server/keys/revoke-key';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('admin', ({ rt, caller, param }) => requireKey(rt, caller, param('keyId', KeyId))),
  DELETE: write({ role: 'admin' }, ({ rt, caller, param, idempotency }) =>
    revokeKey(rt, caller, param('keyId', KeyId), idempotency),
  ),
});
