import { requireSession } from '@/lib/server/access/require-session';
import { write } from '@/lib/server/http/endpoint';
import { reply } from '@/lib/server/http/reply';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: write({ role: 'viewer' }, async ({ rt, caller, request }) => {
    requireSession(caller);
    const { options, cookies } = await rt.access.browser.passkeyRegistration(request.headers, caller.actor.name);
    return reply(options, { headers: cookies });
  }),
});
