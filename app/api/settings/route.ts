import { ChangeSettings } from '@/lib/protocol/settings';
import { read, write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { changeSettings, getSettings } from '@/lib/server/settings/settings';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', ({ rt, caller }) => getSettings(rt, caller)),
  PUT: write({ role: 'admin' }, ({ rt, caller, body, idempotency }) =>
    changeSettings(rt, caller, body(ChangeSettings), idempotency),
  ),
  PATCH: write({ role: 'admin' }, ({ rt, caller, body, idempotency }) =>
    changeSettings(rt, caller, body(ChangeSettings), idempotency),
  ),
});
