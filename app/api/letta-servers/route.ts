import { AddLettaServer } from '@/lib/protocol/letta-server';
import { read, write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', async ({ rt }) => ({ items: rt.letta.list(), next: null })),
  POST: write({ role: 'admin', status: 201 }, ({ rt, caller, body }) =>
    rt.letta.add(caller.actor, body(AddLettaServer)),
  ),
});
