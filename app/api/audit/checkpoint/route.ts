import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', async ({ rt }) => {
    const { note } = (await rt.checkpoints.newest()) ?? (await rt.checkpoints.sign());
    return new Response(note, { headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
  }),
});
