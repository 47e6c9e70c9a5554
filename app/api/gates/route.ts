import { listGates } from '@/lib/server/agents/list-gates';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', async ({ rt, caller }) => ({ items: await listGates(rt, caller), next: null })),
});
