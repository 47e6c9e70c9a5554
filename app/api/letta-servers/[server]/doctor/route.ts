import { ServerName } from '@/lib/protocol/ids';
import { write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { examineLetta } from '@/lib/server/letta/examine-letta';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: write({ role: 'operator' }, async ({ rt, param }) => {
    const name = param('server', ServerName);
    const { dialect, url } = rt.letta.require(name).status;
    return examineLetta({ dialect, url, token: rt.letta.tokenOf(name) });
  }),
});
