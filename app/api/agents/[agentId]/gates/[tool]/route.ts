import { AgentId } from '@/lib/protocol/ids';
import { Name } from '@/lib/protocol/text';
import { releaseGate } from '@/lib/server/agents/release-gate';
import { write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  DELETE: write({ role: 'operator' }, ({ rt, caller, param }) =>
    releaseGate(rt, caller, param('agentId', AgentId), param('tool', Name)),
  ),
});
