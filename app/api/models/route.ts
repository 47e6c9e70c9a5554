import { listModels } from '@/lib/server/agents/list-agents';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', async ({ rt }) => ({ items: await listModels(rt), next: null })),
});
