import { AskInvitation } from '@/lib/protocol/sign-in';
import { openWrite } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { requireInvitationOffer } from '@/lib/server/people/require-invitation-offer';

/** A write only in form: the token must not stand in an address that proxies log. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: openWrite(({ rt, body }) => requireInvitationOffer(rt, body(AskInvitation).token)),
});
