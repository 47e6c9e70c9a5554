import { z } from 'zod';
import type { Block } from '@/lib/protocol/agent';
import { AppError, isAppError } from '@/lib/protocol/errors';
import { AgentId } from '@/lib/protocol/ids';
import type { AgentChange, AgentSpec, EngineAgent } from './gateway';
import { learnKind } from './rest-agent-kinds';
import type { RequestOptions, RestClient } from './rest-client';
import { noSuchAgent } from './rest-failure';
import { toPending } from './rest-history';
import { toAgentMessage } from './rest-message';

const PAGE = 100;
/** Without this the server answers with empty lists, as if an agent had nothing. */
const include = [
  'agent.tools' as const,
  'agent.blocks' as const,
  'agent.tags' as const,
  'agent.pending_approval' as const,
];

const RawAgent = z.looseObject({
  id: AgentId,
  name: z.string().nullish(),
  model: z.string().nullish(),
  agent_type: z.string().nullish(),
  blocks: z
    .array(
      z.looseObject({ label: z.string().nullish(), value: z.string(), limit: z.number().int().positive().nullish() }),
    )
    .nullish(),
  tools: z.array(z.looseObject({ name: z.string().nullish() })).nullish(),
  tags: z.array(z.string()).nullish(),
  tool_rules: z.array(z.looseObject({ type: z.string().nullish(), tool_name: z.string().nullish() })).nullish(),
  pending_approval: z.looseObject({ id: z.string().min(1) }).nullish(),
});

/** Models that the server can reach, those of the person's own providers first: `letta-free` sends texts to Letta's cloud. */
export async function listModels(client: RestClient): Promise<{ handle: string; name: string }[]> {
  const Models = z.array(
    z.looseObject({ handle: z.string().min(1), name: z.string().nullish(), display_name: z.string().nullish() }),
  );
  const models = await client.read(Models, (options) => client.letta.models.list({}, options));
  const named = models.map(({ handle, name, display_name }) => ({ handle, name: display_name || name || handle }));
  const hosted = (model: { handle: string }) => Number(model.handle.startsWith('letta/'));
  return named.toSorted((one, other) => hosted(one) - hosted(other));
}

/** Every agent, or those that carry `tag`. */
export async function listAgents(client: RestClient, tag?: string): Promise<EngineAgent[]> {
  const agents: EngineAgent[] = [];
  let after: string | undefined;
  for (;;) {
    const query = { include, order: 'asc' as const, limit: PAGE, ...(tag === undefined ? {} : { tags: [tag] }) };
    const cursor = after === undefined ? {} : { after };
    const page = await client.read(
      z.array(RawAgent),
      async (options) => (await client.letta.agents.list({ ...query, ...cursor }, options)).items,
    );
    for (const { id, agent_type } of page) learnKind(client, id, agent_type);
    agents.push(...page.map(toEngineAgent));
    after = page.at(-1)?.id;
    if (page.length < PAGE || after === undefined) return agents;
  }
}

/** Null when there is no such agent, also when `agentId` has not the shape of an id. */
export async function findAgent(client: RestClient, agentId: AgentId): Promise<EngineAgent | null> {
  try {
    const agent = await client.read(
      RawAgent,
      (options) => client.letta.agents.retrieve(agentId, { include }, options),
      { agentId },
    );
    learnKind(client, agent.id, agent.agent_type);
    return toEngineAgent(agent);
  } catch (error) {
    if (isAppError(error) && error.code === 'agent.not_found') return null;
    throw error;
  }
}

async function requireAgent(client: RestClient, agentId: AgentId): Promise<EngineAgent> {
  const agent = await findAgent(client, agentId);
  if (!agent) throw noSuchAgent(agentId);
  return agent;
}

/** Makes an agent with exactly these tools. The server needs a model: without one, the first of the list. */
export async function createAgent(client: RestClient, spec: AgentSpec): Promise<EngineAgent> {
  const model = spec.model ?? (await listModels(client))[0]?.handle;
  if (model === undefined)
    throw new AppError('request.invalid', 'Letta offers no model: connect a provider to it first.');
  const body = {
    name: spec.name,
    model,
    memory_blocks: spec.blocks.map(({ label, value, limit }) => ({
      label,
      value,
      ...(limit === undefined ? {} : { limit }),
    })),
    tools: spec.tools,
    tags: spec.tags,
    include_base_tools: false,
  };
  return toEngineAgent(await client.write(RawAgent, (options) => client.letta.agents.create(body, options)));
}

/** Blocks that the agent has not are made; the others are set to the value given. Tools become exactly these. */
export async function changeAgent(client: RestClient, agentId: AgentId, change: AgentChange): Promise<EngineAgent> {
  if (change.blocks && change.blocks.length > 0) await setBlocks(client, agentId, change.blocks);
  const body = {
    ...(change.name === undefined ? {} : { name: change.name }),
    ...(change.model === undefined ? {} : { model: change.model }),
    ...(change.tags === undefined ? {} : { tags: change.tags }),
    ...(change.tools === undefined ? {} : { tool_ids: await toolIds(client, change.tools) }),
  };
  if (Object.keys(body).length > 0) {
    await client.write(z.unknown(), (options) => client.letta.agents.update(agentId, body, options), { agentId });
  }
  return requireAgent(client, agentId);
}

async function setBlocks(client: RestClient, agentId: AgentId, blocks: Block[]): Promise<void> {
  const Made = z.looseObject({ id: z.string().min(1) });
  const present = (await requireAgent(client, agentId)).blocks.map((block) => block.label);
  for (const { label, value, limit } of blocks) {
    const body = { value, ...(limit === undefined ? {} : { limit }) };
    const { blocks: ofAgent } = client.letta.agents;
    const set = (options: RequestOptions) => ofAgent.update(label, { agent_id: agentId, ...body }, options);
    if (present.includes(label)) await client.write(z.unknown(), set, { agentId });
    else {
      const made = await client.write(Made, (options) => client.letta.blocks.create({ label, ...body }, options));
      const attach = (options: RequestOptions) => ofAgent.attach(made.id, { agent_id: agentId }, options);
      await client.write(z.unknown(), attach, { agentId });
    }
  }
}

/** An agent is changed by the ids of tools, though it is made by their names. */
async function toolIds(client: RestClient, names: string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const Tools = z.array(z.looseObject({ id: z.string().min(1), name: z.string() }));
  const query = { names, limit: names.length };
  const tools = await client.read(Tools, async (options) => (await client.letta.tools.list(query, options)).items);
  return names.map((name) => {
    const tool = tools.find((known) => known.name === name);
    if (!tool) {
      throw new AppError('request.invalid', `Letta has no tool "${name}".`, { fields: { tools: `no tool "${name}"` } });
    }
    return tool.id;
  });
}

export async function deleteAgent(client: RestClient, agentId: AgentId): Promise<void> {
  await client.write(z.unknown(), (options) => client.letta.agents.delete(agentId, options), { agentId });
}

/** HAZARD: `tools.updateApproval` of client 1.12.1 sends a field of another name and always fails, so the route is called by hand. */
export async function setApproval(
  client: RestClient,
  agentId: AgentId,
  tool: string,
  required: boolean,
): Promise<void> {
  const path = `/v1/agents/${encodeURIComponent(agentId)}/tools/approval/${encodeURIComponent(tool)}`;
  const query = { requires_approval: required };
  await client.write(z.unknown(), (options) => client.letta.patch(path, { query, ...options }), { agentId });
}

function toEngineAgent(raw: z.infer<typeof RawAgent>): EngineAgent {
  const rules = (raw.tool_rules ?? []).filter((rule) => rule.type === 'requires_approval');
  return {
    id: raw.id,
    name: raw.name ?? '',
    model: raw.model ?? null,
    blocks: (raw.blocks ?? []).map(({ label, value, limit }) => ({
      label: label ?? '',
      value,
      ...(limit ? { limit } : {}),
    })),
    tools: (raw.tools ?? []).flatMap((tool) => tool.name ?? []).toSorted(),
    tags: (raw.tags ?? []).toSorted(),
    approvalTools: [...new Set(rules.flatMap((rule) => rule.tool_name ?? []))].toSorted(),
    pending: raw.pending_approval ? toPending(toAgentMessage(raw.pending_approval)) : null,
  };
}
