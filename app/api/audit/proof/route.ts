import { ProofQuery } from '@/lib/protocol/audit';
import { proveConsistency, proveInclusion } from '@/lib/server/audit/prove';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', ({ rt, caller, query }) => {
    const asked = query(ProofQuery);
    return 'seq' in asked
      ? proveInclusion(rt, caller.workspaceId, asked.seq)
      : proveConsistency(rt, caller.workspaceId, asked.from, asked.to);
  }),
});
