import { z } from 'zod';
import { deleteAgent, listAgents, requireAgent, resetContext } from './agent-store';
import { ChangedAgent, changeAgent } from './change-agent';
import { createAgent, NewAgent } from './create-agent';
import { refuse } from './letta-refusal';
import { flag, list, pageFields } from './query-fields';
import { type Handler, param, type Route, type RouteCall, readQuery } from './route';
import { type AgentInclude, allRelations, wireAgents } from './wire-agent';

const Include = z.object({ include: list });

function includeOf(call: RouteCall): AgentInclude {
  const { include } = readQuery(Include, call.query, ['include']);
  return call.modernClient ? new Set(include) : new Set([...allRelations, ...(include ?? [])]);
}

const AgentQuery = z.object({
  ...pageFields(50, 'desc'),
  name: z.string().optional(),
  query_text: z.string().optional(),
  tags: list,
  match_all_tags: flag.default(false),
  show_hidden_agents: flag.default(false),
  last_stop_reason: z.string().optional(),
});

const listThem: Handler = async (sandbox, call) => {
  const query = readQuery(AgentQuery, call.query, ['tags']);
  const agents = await listAgents(sandbox, {
    name: query.name,
    queryText: query.query_text,
    tags: query.tags,
    matchAllTags: query.match_all_tags,
    showHidden: query.show_hidden_agents,
    lastStopReason: query.last_stop_reason,
    after: query.after,
    before: query.before,
    limit: query.limit,
    ascending: query.order === 'asc',
  });
  return wireAgents(sandbox, agents, includeOf(call));
};

const create: Handler = async (sandbox, call) => {
  const agent = await createAgent(sandbox, NewAgent.parse(call.body ?? {}));
  const [shown] = await wireAgents(sandbox, [agent], allRelations);
  return shown;
};

const retrieve: Handler = async (sandbox, call) => {
  const agent = await requireAgent(sandbox, param(call, 'agentId'));
  const [shown] = await wireAgents(sandbox, [agent], includeOf(call));
  return shown;
};

const change: Handler = async (sandbox, call) => {
  const agent = await changeAgent(sandbox, param(call, 'agentId'), ChangedAgent.parse(call.body ?? {}));
  const [shown] = await wireAgents(sandbox, [agent], allRelations);
  return shown;
};

const remove: Handler = async (sandbox, call) => {
  const id = param(call, 'agentId');
  if (!(await deleteAgent(sandbox, id))) throw refuse(404, `Agent not found with id='['${id}']'`);
  return { message: `Agent id=${id} successfully deleted` };
};

const reset: Handler = async (sandbox, call) => {
  const id = param(call, 'agentId');
  await resetContext(sandbox, id);
  const [shown] = await wireAgents(sandbox, [await requireAgent(sandbox, id)], allRelations);
  return shown;
};

export const agentRoutes: Route[] = [
  { method: 'GET', path: '/v1/agents', handle: listThem },
  { method: 'POST', path: '/v1/agents', handle: create },
  { method: 'GET', path: '/v1/agents/:agentId', handle: retrieve },
  { method: 'PATCH', path: '/v1/agents/:agentId', handle: change },
  { method: 'DELETE', path: '/v1/agents/:agentId', handle: remove },
  { method: 'PATCH', path: '/v1/agents/:agentId/reset-messages', handle: reset },
];
