import { Invitation } from '@/lib/protocol/invitation';
import { write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { revokeInvitation } from '@/lib/server/people/revoke-invitation';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  DELETE: write({ role: 'admin' }, ({ rt, caller, param, idempotency }) =>
    revokeInvitation(rt, caller, param('invitationId', Invitation.shape.id), idempotency),
  ),
});
