import { z } from 'zod';
import { JsonObject } from '@/lib/protocol/json';
import { findAgent, requireAgent } from './agent-store';
import {
  agentsOfBlock,
  attachBlock,
  type BlockRecord,
  blocksOf,
  changeBlock,
  deleteBlock,
  detachBlocks,
  findBlock,
  insertBlock,
  listBlocks,
} from './block-store';
import { NewBlockBody, toNewBlock } from './create-agent';
import { refuse } from './letta-refusal';
import { pageFields } from './query-fields';
import { type Handler, param, type Route, readQuery } from './route';
import type { Sandbox } from './sandbox-context';
import { allRelations, wireAgents, wireBlock } from './wire-agent';

const BlockChanges = z.object({
  label: z.string().nullish(),
  value: z.string().nullish(),
  limit: z.number().int().nullish(),
  description: z.string().nullish(),
  read_only: z.boolean().nullish(),
  metadata: JsonObject.nullish(),
});

const blockNotFound = (id: string) => refuse(404, `Block with id='${id}' not found`);

async function requireBlock(sandbox: Sandbox, id: string): Promise<BlockRecord> {
  const block = await findBlock(sandbox, id);
  if (!block) throw blockNotFound(id);
  return block;
}

async function requireLabel(sandbox: Sandbox, agentId: string, label: string): Promise<BlockRecord> {
  await requireAgent(sandbox, agentId);
  const blocks = (await blocksOf(sandbox, [agentId])).get(agentId) ?? [];
  const block = blocks.find((candidate) => candidate.label === label);
  if (!block) throw refuse(404, `No block with label '${label}' found for agent '${agentId}'`);
  return block;
}

async function write(sandbox: Sandbox, id: string, body: unknown) {
  const wanted = BlockChanges.parse(body ?? {});
  const changed = await changeBlock(sandbox, id, {
    ...(wanted.label != null && { label: wanted.label }),
    ...(wanted.value != null && { value: wanted.value }),
    ...(wanted.limit != null && { limit: wanted.limit }),
    ...(wanted.description != null && { description: wanted.description }),
    ...(wanted.read_only != null && { readOnly: wanted.read_only }),
    ...(wanted.metadata != null && { metadata: wanted.metadata }),
  });
  if (!changed) throw blockNotFound(id);
  return wireBlock(changed);
}

const listOfAgent: Handler = async (sandbox, call) => {
  const agentId = param(call, 'agentId');
  await requireAgent(sandbox, agentId);
  return ((await blocksOf(sandbox, [agentId])).get(agentId) ?? []).map(wireBlock);
};

const retrieveOfAgent: Handler = async (sandbox, call) =>
  wireBlock(await requireLabel(sandbox, param(call, 'agentId'), param(call, 'label')));

const changeOfAgent: Handler = async (sandbox, call) => {
  const block = await requireLabel(sandbox, param(call, 'agentId'), param(call, 'label'));
  return write(sandbox, block.id, call.body);
};

const attach: Handler = async (sandbox, call) => {
  const agent = await requireAgent(sandbox, param(call, 'agentId'));
  await attachBlock(sandbox, sandbox.pool, agent.id, (await requireBlock(sandbox, param(call, 'blockId'))).id);
  const [shown] = await wireAgents(sandbox, [agent], allRelations);
  return shown;
};

const detach: Handler = async (sandbox, call) => {
  const agent = await requireAgent(sandbox, param(call, 'agentId'));
  await detachBlocks(sandbox, sandbox.pool, agent.id, param(call, 'blockId'));
  const [shown] = await wireAgents(sandbox, [agent], allRelations);
  return shown;
};

const BlockQuery = z.object({ ...pageFields(50, 'asc'), label: z.string().optional() });

const listThem: Handler = async (sandbox, call) => {
  const query = readQuery(BlockQuery, call.query);
  return (await listBlocks(sandbox, query.label, query.limit)).map(wireBlock);
};

const create: Handler = async (sandbox, call) =>
  wireBlock(await insertBlock(sandbox, sandbox.pool, toNewBlock(NewBlockBody.parse(call.body ?? {}))));

const remove: Handler = async (sandbox, call) => {
  await requireBlock(sandbox, param(call, 'blockId'));
  await deleteBlock(sandbox, param(call, 'blockId'));
  return null;
};

const holders: Handler = async (sandbox, call) => {
  const ids = await agentsOfBlock(sandbox, param(call, 'blockId'));
  const agents = (await Promise.all(ids.map((id) => findAgent(sandbox, id)))).filter((agent) => agent !== null);
  return wireAgents(sandbox, agents, call.modernClient ? new Set() : allRelations);
};

const OF_AGENT = '/v1/agents/:agentId/core-memory/blocks';

export const blockRoutes: Route[] = [
  { method: 'GET', path: OF_AGENT, handle: listOfAgent },
  { method: 'GET', path: `${OF_AGENT}/:label`, handle: retrieveOfAgent },
  { method: 'PATCH', path: `${OF_AGENT}/:label`, handle: changeOfAgent },
  { method: 'PATCH', path: `${OF_AGENT}/attach/:blockId`, handle: attach },
  { method: 'PATCH', path: `${OF_AGENT}/detach/:blockId`, handle: detach },
  { method: 'GET', path: '/v1/blocks', handle: listThem },
  { method: 'POST', path: '/v1/blocks', handle: create },
  {
    method: 'GET',
    path: '/v1/blocks/:blockId',
    handle: async (sandbox, call) => wireBlock(await requireBlock(sandbox, param(call, 'blockId'))),
  },
  {
    method: 'PATCH',
    path: '/v1/blocks/:blockId',
    handle: (sandbox, call) => write(sandbox, param(call, 'blockId'), call.body),
  },
  { method: 'DELETE', path: '/v1/blocks/:blockId', handle: remove },
  { method: 'GET', path: '/v1/blocks/:blockId/agents', handle: holders },
];
