import { openRead } from '@/lib/server/http/endpoint';
import { reply } from '@/lib/server/http/reply';
import { route } from '@/lib/server/http/route';
import { version } from '@/lib/server/version';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: openRead(async ({ rt }) => {
    const unavailable = rt.ledger.unavailable() !== null;
    const body = {
      status: unavailable ? 'degraded' : 'ok',
      version,
      database: unavailable ? 'unavailable' : 'ok',
      letta: rt.letta.list().map(({ name, dialect, state }) => ({ name, dialect, state })),
    };
    return reply(body, { status: unavailable ? 503 : 200 });
  }),
});
