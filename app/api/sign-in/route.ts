import { SignInByLink } from '@/lib/protocol/sign-in';
import { describeSignIn } from '@/lib/server/access/describe-sign-in';
import { signInByLink } from '@/lib/server/access/sign-in-by-link';
import { openRead, openWrite } from '@/lib/server/http/endpoint';
import { reply } from '@/lib/server/http/reply';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: openRead(({ rt, request }) => describeSignIn(rt, request.headers)),
  POST: openWrite(async ({ rt, request, body }) => {
    const { me, cookies } = await signInByLink(rt, request.headers, body(SignInByLink));
    return reply(me, { headers: cookies });
  }),
});
