import { endOtherSessions } from '@/lib/server/access/end-sessions';
import { listSessions } from '@/lib/server/access/list-sessions';
import { read, write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', async ({ rt, caller }) => ({ items: await listSessions(rt, caller), next: null })),
  DELETE: write({ role: 'viewer' }, async ({ rt, caller, idempotency }) => endOtherSessions(rt, caller, idempotency)),
});
