import { z } from 'zod';
import { JsonObject } from '@/lib/protocol/json';
import { requireAgent } from './agent-store';
import { attachTool, setApproval } from './change-agent';
import { refuse } from './letta-refusal';
import { flag, list, pageFields } from './query-fields';
import { type Handler, param, type Route, readQuery } from './route';
import { runTool } from './run-tool';
import { builtInTools, schemaOfSource } from './tool-catalogue';
import { deleteTool, detachTools, findTool, listTools, toolsOf, upsertTool } from './tool-store';
import { allRelations, wireAgents, wireTool } from './wire-agent';

const NewTool = z.object({
  source_code: z.string(),
  source_type: z.string().default('python'),
  description: z.string().nullish(),
  json_schema: JsonObject.nullish(),
  tags: z.array(z.string()).nullish(),
  default_requires_approval: z.boolean().nullish(),
});

const ToolQuery = z.object({
  ...pageFields(50, 'desc'),
  name: z.string().optional(),
  names: list,
  tool_ids: list,
  search: z.string().optional(),
  tool_types: list,
});

const listThem: Handler = async (sandbox, call) => {
  const query = readQuery(ToolQuery, call.query, ['names', 'tool_ids', 'tool_types']);
  const tools = await listTools(sandbox, {
    name: query.name,
    names: query.names,
    ids: query.tool_ids?.flatMap((ids) => ids.split(',')),
    search: query.search,
    toolTypes: query.tool_types?.flatMap((types) => types.split(',')),
    after: query.after,
    before: query.before,
    limit: query.limit,
    ascending: query.order === 'asc',
  });
  return tools.map(wireTool);
};

/** Makes or changes a custom tool. Its code is kept and shown, and never run. */
const upsert: Handler = async (sandbox, call) => {
  const wanted = NewTool.parse(call.body ?? {});
  const derived = schemaOfSource(wanted.source_code);
  const given = z.object({ name: z.string() }).safeParse(wanted.json_schema);
  const name = given.success ? given.data.name : derived?.name;
  if (!name) throw refuse(400, 'INVALID_ARGUMENT: No function found in the source code');
  if (builtInTools.some((tool) => tool.name === name)) throw refuse(409, `Tool with name ${name} already exists`);
  const saved = await upsertTool(sandbox, {
    name,
    toolType: 'custom',
    description: wanted.description ?? null,
    sourceCode: wanted.source_code,
    sourceType: wanted.source_type,
    jsonSchema: wanted.json_schema ?? derived?.schema ?? { name },
    tags: wanted.tags ?? [],
    defaultRequiresApproval: wanted.default_requires_approval ?? null,
  });
  return wireTool(saved);
};

const retrieve: Handler = async (sandbox, call) => {
  const id = param(call, 'toolId');
  const tool = await findTool(sandbox, id);
  if (!tool) throw refuse(404, `Tool with id ${id} not found.`);
  return wireTool(tool);
};

const remove: Handler = async (sandbox, call) => {
  const id = param(call, 'toolId');
  if (!(await deleteTool(sandbox, id))) throw refuse(404, `Tool with id ${id} not found.`);
  return null;
};

const listOfAgent: Handler = async (sandbox, call) => {
  const agentId = param(call, 'agentId');
  await requireAgent(sandbox, agentId);
  return ((await toolsOf(sandbox, [agentId])).get(agentId) ?? []).map(wireTool);
};

/** Changes of an agent's tools answer null to newer clients and the whole agent to older ones. */
const withAgent =
  (work: Handler): Handler =>
  async (sandbox, call) => {
    await work(sandbox, call);
    if (call.modernClient) return null;
    const [shown] = await wireAgents(sandbox, [await requireAgent(sandbox, param(call, 'agentId'))], allRelations);
    return shown;
  };

const attach = withAgent(async (sandbox, call) => {
  await attachTool(sandbox, param(call, 'agentId'), param(call, 'toolId'));
  return null;
});

const detach = withAgent(async (sandbox, call) => {
  const agent = await requireAgent(sandbox, param(call, 'agentId'));
  await detachTools(sandbox, sandbox.pool, agent.id, param(call, 'toolId'));
  return null;
});

const ApprovalQuery = z.object({ requires_approval: flag.optional() });
const ApprovalBody = z.object({ requires_approval: z.boolean() });

/** Takes the flag from the body or from the query. A body with another member's name is 422, and so is neither. */
const approval = withAgent(async (sandbox, call) => {
  const fromQuery = readQuery(ApprovalQuery, call.query).requires_approval;
  const required = call.body === undefined ? fromQuery : ApprovalBody.parse(call.body).requires_approval;
  if (required === undefined) {
    throw refuse(422, 'requires_approval must be provided either in request body or as query parameter');
  }
  await setApproval(sandbox, param(call, 'agentId'), param(call, 'toolName'), required);
  return null;
});

const Run = z.object({ args: JsonObject.default({}) });

/** Runs an attached tool as the agent: no approval is asked for, and nothing of it is listed. */
const run: Handler = async (sandbox, call) => {
  const agent = await requireAgent(sandbox, param(call, 'agentId'));
  const name = param(call, 'toolName');
  const { args } = Run.parse(call.body ?? {});
  const tool = ((await toolsOf(sandbox, [agent.id])).get(agent.id) ?? []).find((attached) => attached.name === name);
  if (!tool) throw refuse(404, `Tool '${name}' not found or not attached to agent '${agent.id}'`);
  const outcome = await runTool({ sandbox, agent, args }, tool);
  return {
    status: outcome.status,
    func_return: outcome.status === 'error' ? null : outcome.text,
    agent_state: null,
    stdout: outcome.stdout,
    stderr: outcome.stderr,
    sandbox_config_fingerprint: null,
  };
};

const OF_AGENT = '/v1/agents/:agentId/tools';

export const toolRoutes: Route[] = [
  { method: 'GET', path: '/v1/tools', handle: listThem },
  { method: 'POST', path: '/v1/tools', handle: upsert },
  { method: 'PUT', path: '/v1/tools', handle: upsert },
  { method: 'GET', path: '/v1/tools/:toolId', handle: retrieve },
  { method: 'DELETE', path: '/v1/tools/:toolId', handle: remove },
  { method: 'GET', path: OF_AGENT, handle: listOfAgent },
  { method: 'PATCH', path: `${OF_AGENT}/attach/:toolId`, handle: attach },
  { method: 'PATCH', path: `${OF_AGENT}/detach/:toolId`, handle: detach },
  { method: 'PATCH', path: `${OF_AGENT}/approval/:toolName`, handle: approval },
  { method: 'POST', path: `${OF_AGENT}/:toolName/run`, handle: run },
];
