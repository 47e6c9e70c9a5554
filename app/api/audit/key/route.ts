import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', async ({ rt }) => {
    const keys = rt.workspace.signers.map((signer) => `${signer.vkey}\n`).join('');
    return new Response(keys, { headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
  }),
});
