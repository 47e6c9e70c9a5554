import { ChangeAgent } from '@/lib/protocol/agent';
import { AgentId } from '@/lib/protocol/ids';
import { changeAgent, deleteAgent } from '@/lib/server/agents/change-agent';
import { getAgent } from '@/lib/server/agents/list-agents';
import { read, write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', ({ rt, caller, param }) => getAgent(rt, caller, param('agentId', AgentId))),
  PATCH: write({ role: 'operator' }, ({ rt, caller, param, body }) =>
    changeAgent(rt, caller, param('agentId', AgentId), body(ChangeAgent)),
  ),
  DELETE: write({ role: 'operator' }, ({ rt, caller, param }) => deleteAgent(rt, caller, param('agentId', AgentId))),
});
