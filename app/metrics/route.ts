import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { prometheusText } from '@/lib/server/metrics/prometheus-text';

/** For a scraper with a viewer's key. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', async ({ rt, caller }) => {
    const { text, contentType } = await prometheusText(rt, caller.workspaceId);
    return new Response(text, { headers: { 'Content-Type': contentType } });
  }),
});
