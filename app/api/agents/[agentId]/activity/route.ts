import { AgentId } from '@/lib/protocol/ids';
import { readActivity } from '@/lib/server/agents/read-activity';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', ({ rt, caller, param }) => readActivity(rt, caller, param('agentId', AgentId))),
});
