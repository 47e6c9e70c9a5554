import { CreateInvitation } from '@/lib/protocol/invitation';
import { PageQuery } from '@/lib/protocol/page';
import { read, write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { invitePerson } from '@/lib/server/people/invite-person';
import { listInvitations } from '@/lib/server/people/list-invitations';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('admin', ({ rt, caller, query }) => listInvitations(rt, caller, query(PageQuery))),
  POST: write({ role: 'admin', status: 201, sealed: 'link' }, ({ rt, caller, body, idempotency }) =>
    invitePerson(rt, caller, body(CreateInvitation), idempotency),
  ),
});
