import type { JsonObject } from '@/lib/protocol/json';
import type { AgentRecord } from './agent-store';
import { type BlockRecord, blocksOf } from './block-store';
import { toPendingApproval } from './letta-message';
import { zonedDate } from './letta-time';
import { messagesById } from './message-store';
import { wireModelConfig } from './model-catalogue';
import type { Sandbox } from './sandbox-context';
import { type ToolRecord, toolsOf } from './tool-store';

export const wireBlock = (block: BlockRecord): JsonObject => ({
  value: block.value,
  limit: block.limit,
  project_id: null,
  template_name: null,
  is_template: false,
  template_id: null,
  base_template_id: null,
  deployment_id: null,
  entity_id: null,
  preserve_on_migration: false,
  label: block.label,
  read_only: block.readOnly,
  description: block.description,
  metadata: block.metadata,
  hidden: null,
  id: block.id,
  created_by_id: null,
  last_updated_by_id: null,
  tags: [],
});

export const wireTool = (tool: ToolRecord): JsonObject => ({
  id: tool.id,
  tool_type: tool.toolType,
  description: tool.description,
  source_type: tool.sourceType,
  name: tool.name,
  tags: tool.tags,
  source_code: tool.sourceCode,
  json_schema: tool.jsonSchema,
  args_json_schema: null,
  return_char_limit: 50_000,
  pip_requirements: null,
  npm_requirements: null,
  default_requires_approval: tool.defaultRequiresApproval,
  enable_parallel_execution: false,
  created_by_id: null,
  last_updated_by_id: null,
  metadata_: {},
  project_id: null,
});

const includes = ['agent.tools', 'agent.blocks', 'agent.tags', 'agent.pending_approval', 'agent.secrets'] as const;

/** Which relations of an agent are told; the others come as empty arrays and null, whatever the client's types say. */
export type AgentInclude = ReadonlySet<string>;
/** All but the pending approval, as after creating and changing, and for older clients. */
export const allRelations: AgentInclude = new Set(includes.filter((include) => include !== 'agent.pending_approval'));

type Related = { tools: ToolRecord[]; blocks: BlockRecord[]; pending: JsonObject | null };

function secretsOf(agent: AgentRecord): JsonObject[] {
  return Object.entries(agent.settings.secrets).map(([key, value]) => ({
    agent_id: agent.id,
    key,
    value,
    description: null,
    value_enc: null,
  }));
}

/** What every agent has and the sandbox knows nothing of. */
const absent = {
  embedding: null,
  embedding_config: null,
  compaction_settings: null,
  response_format: null,
  multi_agent_group: null,
  managed_group: null,
  last_run_completion: null,
  last_run_duration_ms: null,
  max_files_open: null,
  per_file_view_window_char_limit: null,
  project_id: null,
  template_id: null,
  base_template_id: null,
  deployment_id: null,
  entity_id: null,
  created_by_id: null,
  last_updated_by_id: null,
};

function wireAgent(agent: AgentRecord, include: AgentInclude, related: Related): JsonObject {
  const { settings } = agent;
  const blocks = related.blocks.map(wireBlock);
  const secrets = include.has('agent.secrets') ? secretsOf(agent) : [];
  return {
    ...absent,
    id: agent.id,
    name: agent.name,
    agent_type: 'letta_v1_agent',
    description: settings.description,
    metadata: settings.metadata,
    system: settings.system,
    model: agent.model,
    model_settings: settings.modelSettings ?? { provider_type: 'openai', parallel_tool_calls: true },
    llm_config: wireModelConfig(agent.model, settings.parallelToolCalls),
    message_ids: agent.messageIds,
    tool_rules: agent.toolRules,
    memory: { agent_type: 'letta_v1_agent', git_enabled: false, blocks, file_blocks: [], prompt_template: '' },
    blocks,
    tools: related.tools.map(wireTool),
    sources: [],
    tags: include.has('agent.tags') ? agent.tags : [],
    secrets,
    tool_exec_environment_variables: secrets,
    identity_ids: [],
    identities: [],
    pending_approval: related.pending,
    message_buffer_autoclear: false,
    enable_sleeptime: false,
    last_stop_reason: agent.lastStopReason,
    timezone: 'UTC',
    hidden: agent.hidden ? true : null,
    created_at: zonedDate(agent.createdAt),
    updated_at: zonedDate(agent.updatedAt),
  };
}

/** Agents as the API shows them. */
export async function wireAgents(
  sandbox: Sandbox,
  agents: AgentRecord[],
  include: AgentInclude,
): Promise<JsonObject[]> {
  const ids = agents.map((agent) => agent.id);
  const lastIds = agents.flatMap((agent) => agent.messageIds.slice(-1));
  const [tools, blocks, last] = await Promise.all([
    include.has('agent.tools') ? toolsOf(sandbox, ids) : new Map<string, ToolRecord[]>(),
    include.has('agent.blocks') ? blocksOf(sandbox, ids) : new Map<string, BlockRecord[]>(),
    include.has('agent.pending_approval') ? messagesById(sandbox, lastIds) : [],
  ]);
  const pending = new Map(last.map((message) => [message.agentId, toPendingApproval(message)]));
  return agents.map((agent) =>
    wireAgent(agent, include, {
      tools: tools.get(agent.id) ?? [],
      blocks: blocks.get(agent.id) ?? [],
      pending: pending.get(agent.id) ?? null,
    }),
  );
}
