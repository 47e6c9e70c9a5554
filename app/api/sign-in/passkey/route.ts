import { SignInByPasskey } from '@/lib/protocol/sign-in';
import { signInByPasskey } from '@/lib/server/access/sign-in-by-passkey';
import { openWrite } from '@/lib/server/http/endpoint';
import { reply } from '@/lib/server/http/reply';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: openWrite(async ({ rt, request, body }) => {
    const { me, cookies } = await signInByPasskey(rt, request.headers, body(SignInByPasskey));
    return reply(me, { headers: cookies });
  }),
});
