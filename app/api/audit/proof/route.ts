import { z } from 'zod';
import { proveConsistency, proveInclusion } from '@/lib/server/audit/prove';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

const seq = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const Query = z.union([z.strictObject({ seq }), z.strictObject({ from: seq, to: seq })]);

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', ({ rt, caller, query }) => {
    const asked = query(Query);
    return 'seq' in asked
      ? proveInclusion(rt, caller.workspaceId, asked.seq)
      : proveConsistency(rt, caller.workspaceId, asked.from, asked.to);
  }),
});
