import { PersonId } from '@/lib/protocol/ids';
import { ChangePerson } from '@/lib/protocol/person';
import { read, write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { changePerson } from '@/lib/server/people/change-person';
import { removePerson } from '@/lib/server/people/remove-person';
import { requirePerson } from '@/lib/server/people/require-person';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', ({ rt, caller, param }) => requirePerson(rt, caller, param('personId', PersonId))),
  PATCH: write({ role: 'admin' }, ({ rt, caller, param, body, idempotency }) =>
    changePerson(rt, caller, param('personId', PersonId), body(ChangePerson), idempotency),
  ),
  DELETE: write({ role: 'admin' }, ({ rt, caller, param, idempotency }) =>
    removePerson(rt, caller, param('personId', PersonId), idempotency),
  ),
});
