import { SignInByPassword } from '@/lib/protocol/sign-in';
import { signInByPassword } from '@/lib/server/access/sign-in-by-password';
import { openWrite } from '@/lib/server/http/endpoint';
import { reply } from '@/lib/server/http/reply';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: openWrite(async ({ rt, request, body }) => {
    const { me, cookies } = await signInByPassword(rt, request.headers, body(SignInByPassword));
    return reply(me, { headers: cookies });
  }),
});
