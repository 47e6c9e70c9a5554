import { JoinByInvitation } from '@/lib/protocol/sign-in';
import { openWrite } from '@/lib/server/http/endpoint';
import { reply } from '@/lib/server/http/reply';
import { route } from '@/lib/server/http/route';
import { joinByInvitation } from '@/lib/server/people/join-by-invitation';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: openWrite(async ({ rt, request, body }) => {
    const { me, cookies } = await joinByInvitation(rt, request.headers, body(JoinByInvitation));
    return reply(me, { status: 201, headers: cookies });
  }),
});
