import { z } from 'zod';
import { CreateAgent } from '@/lib/protocol/agent';
import { PageQuery } from '@/lib/protocol/page';
import { createAgent } from '@/lib/server/agents/create-agent';
import { listAgents } from '@/lib/server/agents/list-agents';
import { decodeCursor, pageOfRows } from '@/lib/server/http/cursor';
import { read, write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

const Position = z.tuple([z.string(), z.string()]);

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', async ({ rt, caller, query }) => {
    const { after, limit } = query(PageQuery);
    const [name = '', id = ''] = decodeCursor(Position, after) ?? [];
    const agents = await listAgents(rt, caller);
    const start = after === undefined ? 0 : agents.findIndex((agent) => agent.name === name && agent.id === id) + 1;
    const rows = agents.slice(start, start + limit + 1);
    return pageOfRows(
      rows,
      limit,
      (agent) => agent,
      (agent) => [agent.name, agent.id],
    );
  }),
  POST: write({ role: 'operator', status: 201 }, ({ rt, caller, body, idempotency }) =>
    createAgent(rt, caller, body(CreateAgent), idempotency),
  ),
});
