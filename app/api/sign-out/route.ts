import { signOut } from '@/lib/server/access/end-sessions';
import { write } from '@/lib/server/http/endpoint';
import { reply } from '@/lib/server/http/reply';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: write({ role: 'viewer' }, async ({ rt, caller, request }) => {
    await signOut(rt, caller);
    return reply({}, { headers: await rt.access.browser.dropSessionCookie(request.headers) });
  }),
});
