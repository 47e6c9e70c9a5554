import { TalkQuery } from '@/lib/protocol/talk-figures';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { readTalkFigures } from '@/lib/server/metrics/read-talk-figures';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', ({ rt, caller, query }) =>
    readTalkFigures(rt.database.pool, caller.workspaceId, query(TalkQuery)),
  ),
});
