import { RegisterPasskey } from '@/lib/protocol/sign-in';
import { listPasskeys, registerPasskey } from '@/lib/server/access/passkeys';
import { read, write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', async ({ rt, caller }) => ({ items: await listPasskeys(rt, caller), next: null })),
  POST: write({ role: 'viewer', status: 201 }, ({ rt, caller, request, body }) =>
    registerPasskey(rt, caller, request.headers, body(RegisterPasskey)),
  ),
});
