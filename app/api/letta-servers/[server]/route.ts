import { ServerName } from '@/lib/protocol/ids';
import { ChangeLettaServer } from '@/lib/protocol/letta-server';
import { leaveServer } from '@/lib/server/conversations/leave-server';
import { read, write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', async ({ rt, param }) => rt.letta.require(param('server', ServerName)).status),
  PATCH: write({ role: 'admin' }, ({ rt, caller, param, body }) =>
    rt.letta.change(caller.actor, param('server', ServerName), body(ChangeLettaServer)),
  ),
  DELETE: write({ role: 'admin' }, ({ rt, caller, param }) => leaveServer(rt, caller, param('server', ServerName))),
});
