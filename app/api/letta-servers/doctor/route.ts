import { LettaAddress } from '@/lib/protocol/letta-server';
import { write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { examineLetta } from '@/lib/server/letta/examine-letta';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: write({ role: 'admin' }, ({ body }) => {
    const { dialect, url, token } = body(LettaAddress);
    return examineLetta({ dialect, url, token: token ?? null });
  }),
});
