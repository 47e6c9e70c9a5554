import { z } from 'zod';
import { JsonObject } from '@/lib/protocol/json';
import { type AgentRecord, insertAgent, ToolRule } from './agent-store';
import { attachBlock, type BlockRecord, findBlock, insertBlock } from './block-store';
import { inTransaction } from './in-transaction';
import { newLettaId } from './letta-id';
import { refuse } from './letta-refusal';
import { insertMessages } from './message-store';
import { requireModel } from './model-catalogue';
import { pythonRepr } from './python-text';
import type { Sandbox } from './sandbox-context';
import type { StoredMessage } from './stored-message';
import { baseTools, continuingTools, multiAgentTools, terminalTools } from './tool-catalogue';
import { attachTools, listTools, type ToolRecord } from './tool-store';

export const NewBlockBody = z.object({
  label: z.string(),
  value: z.string(),
  limit: z.number().int().nullish(),
  description: z.string().nullish(),
  read_only: z.boolean().nullish(),
  metadata: JsonObject.nullish(),
});

const ModelSettings = z.looseObject({ parallel_tool_calls: z.boolean().optional() });

/** What creating and changing an agent have in common. */
export const agentFields = {
  name: z.string().nullish(),
  description: z.string().nullish(),
  metadata: JsonObject.nullish(),
  system: z.string().nullish(),
  model: z.string().nullish(),
  model_settings: ModelSettings.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  secrets: z.record(z.string(), z.string()).nullish(),
  hidden: z.boolean().nullish(),
  tags: z.array(z.string()).nullish(),
  tool_ids: z.array(z.string()).nullish(),
  tool_rules: z.array(ToolRule).nullish(),
  block_ids: z.array(z.string()).nullish(),
};

export const NewAgent = z.object({
  ...agentFields,
  tools: z.array(z.string()).nullish(),
  memory_blocks: z.array(NewBlockBody).nullish(),
  include_base_tools: z.boolean().default(true),
  include_multi_agent_tools: z.boolean().default(false),
  include_base_tool_rules: z.boolean().nullish(),
});
export type NewAgent = z.infer<typeof NewAgent>;

async function resolveTools(sandbox: Sandbox, names: string[], ids: string[]): Promise<ToolRecord[]> {
  const page = { limit: 1000, ascending: true };
  const [named, numbered] = await Promise.all([
    listTools(sandbox, { names, ...page }),
    listTools(sandbox, { ids, ...page }),
  ]);
  const missing = names.filter((name) => !named.some((tool) => tool.name === name));
  const lost = ids.filter((id) => !numbered.some((tool) => tool.id === id));
  if (missing.length > 0) throw refuse(400, `Tools not found by name: {${missing.map(pythonRepr).join(', ')}}`);
  if (lost.length > 0) throw refuse(400, `Tools not found by id:   {${lost.map(pythonRepr).join(', ')}}`);
  return [...new Map([...named, ...numbered].map((tool) => [tool.id, tool])).values()];
}

/**
 * Rules of a new agent. The server adds some for its own tools, among them one by which a turn ENDS after
 * send_message_to_agent_async: unless told not to, and unless base tools are wanted and no rules are given. Tools that
 * ask for approval by default get their rule in any case.
 */
function rulesOf(wanted: NewAgent, tools: ToolRecord[]): ToolRule[] {
  const given = wanted.tool_rules ?? [];
  const rule = (type: string, tool: ToolRecord): ToolRule => ({ tool_name: tool.name, type, prompt_template: null });
  const added = wanted.include_base_tool_rules ?? (given.length > 0 || !wanted.include_base_tools);
  const own = (added ? tools : []).flatMap((tool) => {
    if (terminalTools.includes(tool.name)) return [rule('exit_loop', tool)];
    return continuingTools.includes(tool.name) ? [rule('continue_loop', tool)] : [];
  });
  const asking = tools.filter((tool) => tool.defaultRequiresApproval).map((tool) => rule('requires_approval', tool));
  return [...given, ...own, ...asking];
}

const SYSTEM = 'You are an agent of the Parley sandbox. Everything you say is simulated.';

/** The prompt that stands first in every context, as the listing shows it. */
export const promptText = (system: string, blocks: Pick<BlockRecord, 'label' | 'value'>[]): string =>
  [system, ...blocks.map(({ label, value }) => `<${label}>\n${value}\n</${label}>`)].join('\n\n');

/** The message that a thread begins with: it has neither run nor step nor otid. */
export const promptMessage = (
  sandbox: Sandbox,
  thread: { agentId: string; conversationId: string | null },
  text: string,
): StoredMessage => ({
  id: newLettaId('message'),
  ...thread,
  runId: null,
  stepId: null,
  createdAt: sandbox.clock.now(),
  body: { role: 'system', text, name: null, senderId: null, otid: null },
});

async function requireBlocks(sandbox: Sandbox, ids: string[]): Promise<BlockRecord[]> {
  const blocks: BlockRecord[] = [];
  for (const id of ids) {
    const block = await findBlock(sandbox, id);
    if (!block) throw refuse(404, `Block with id='${id}' not found`);
    blocks.push(block);
  }
  return blocks;
}

/** Makes an agent with its blocks, tools and prompt, all or nothing. Names need not be unique. */
export async function createAgent(sandbox: Sandbox, wanted: NewAgent): Promise<AgentRecord> {
  if (!wanted.model) throw refuse(400, 'INVALID_ARGUMENT: Must specify either model or llm_config in request');
  requireModel(wanted.model);
  const names = [
    ...(wanted.tools ?? []),
    ...(wanted.include_base_tools ? baseTools : []),
    ...(wanted.include_multi_agent_tools ? multiAgentTools : []),
  ];
  const tools = await resolveTools(sandbox, [...new Set(names)], wanted.tool_ids ?? []);
  const shared = await requireBlocks(sandbox, wanted.block_ids ?? []);
  const own = (wanted.memory_blocks ?? []).map(toNewBlock);
  const now = sandbox.clock.now();
  const id = newLettaId('agent');
  const system = wanted.system ?? SYSTEM;
  const prompt = promptMessage(sandbox, { agentId: id, conversationId: null }, promptText(system, [...own, ...shared]));
  const agent: AgentRecord = {
    id,
    name: wanted.name ?? `agent-${id.slice(6, 14)}`,
    model: wanted.model,
    tags: [...new Set(wanted.tags ?? [])],
    hidden: wanted.hidden ?? false,
    messageIds: [prompt.id],
    toolRules: rulesOf(wanted, tools),
    settings: {
      system,
      description: wanted.description ?? null,
      metadata: wanted.metadata ?? {},
      modelSettings: toSettings(wanted.model_settings),
      parallelToolCalls: wanted.model_settings?.parallel_tool_calls ?? wanted.parallel_tool_calls ?? false,
      secrets: wanted.secrets ?? {},
    },
    lastStopReason: null,
    createdAt: now,
    updatedAt: now,
  };
  await inTransaction(sandbox.pool, async (db) => {
    await insertAgent(sandbox, db, agent);
    for (const block of own) await attachBlock(sandbox, db, id, (await insertBlock(sandbox, db, block)).id);
    for (const block of shared) await attachBlock(sandbox, db, id, block.id);
    await attachTools(
      sandbox,
      db,
      id,
      tools.map((tool) => tool.id),
    );
    await insertMessages(sandbox, db, [prompt]);
  });
  return agent;
}

/** Settings as they are stored: parsed once more, because a loose object may hold anything that JSON can. */
export const toSettings = (settings: z.infer<typeof ModelSettings> | null | undefined): JsonObject | null =>
  settings ? JsonObject.parse(settings) : null;

export const toNewBlock = (body: z.infer<typeof NewBlockBody>) => ({
  label: body.label,
  value: body.value,
  ...(body.limit != null && { limit: body.limit }),
  ...(body.description != null && { description: body.description }),
  ...(body.read_only != null && { readOnly: body.read_only }),
  ...(body.metadata != null && { metadata: body.metadata }),
});
