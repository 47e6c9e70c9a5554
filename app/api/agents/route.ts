import { z } from 'zod';
import { CreateAgent } from '@/lib/protocol/agent';
import { PageQuery } from '@/lib/protocol/page';
import { createAgent } from '@/lib/server/agents/create-agent';
import { compareInList, listAgents, positionInList } from '@/lib/server/agents/list-agents';
import { decodeCursor, pageOfRows } from '@/lib/server/http/cursor';
import { read, write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

const Position = z.tuple([z.string(), z.string(), z.string()]);

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', async ({ rt, caller, query }) => {
    const { after, limit } = query(PageQuery);
    const position = decodeCursor(Position, after);
    const agents = await listAgents(rt, caller);
    // By order, not by finding the last one shown: it may be gone.
    const rows = position ? agents.filter((agent) => compareInList(positionInList(agent), position) > 0) : agents;
    return pageOfRows(rows, limit, (agent) => agent, positionInList);
  }),
  POST: write({ role: 'operator', status: 201 }, ({ rt, caller, body, idempotency }) =>
    createAgent(rt, caller, body(CreateAgent), idempotency),
  ),
});
