import { openWrite } from '@/lib/server/http/endpoint';
import { reply } from '@/lib/server/http/reply';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: openWrite(async ({ rt, request }) => {
    const { options, cookies } = await rt.access.browser.passkeySignIn(request.headers);
    return reply(options, { headers: cookies });
  }),
});
