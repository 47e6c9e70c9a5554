import { z } from 'zod';
import { type AgentRecord, requireAgent, type ToolRule, changeAgent as writeAgent } from './agent-store';
import { attachBlock, detachBlocks } from './block-store';
import { agentFields, toSettings } from './create-agent';
import { inTransaction } from './in-transaction';
import { agentNotFound, refuse } from './letta-refusal';
import { requireModel } from './model-catalogue';
import type { Sandbox } from './sandbox-context';
import { attachTools, detachTools, findTool } from './tool-store';

export const ChangedAgent = z.object(agentFields);
export type ChangedAgent = z.infer<typeof ChangedAgent>;

/**
 * Changes the members that are given; lists of ids and rules replace what was there. Unlike attaching, setting tool_ids
 * makes no rule for tools that ask for approval by default.
 */
export async function changeAgent(sandbox: Sandbox, id: string, wanted: ChangedAgent): Promise<AgentRecord> {
  const before = await requireAgent(sandbox, id);
  if (wanted.model) requireModel(wanted.model);
  const { settings } = before;
  return inTransaction(sandbox.pool, async (db) => {
    if (wanted.tool_ids) {
      await detachTools(sandbox, db, id);
      await attachTools(sandbox, db, id, wanted.tool_ids);
    }
    if (wanted.block_ids) {
      await detachBlocks(sandbox, db, id);
      for (const blockId of wanted.block_ids) await attachBlock(sandbox, db, id, blockId);
    }
    const after = await writeAgent(sandbox, db, id, {
      ...(wanted.name != null && { name: wanted.name }),
      ...(wanted.model != null && { model: wanted.model }),
      ...(wanted.tags != null && { tags: [...new Set(wanted.tags)] }),
      ...(wanted.hidden != null && { hidden: wanted.hidden }),
      ...(wanted.tool_rules != null && { toolRules: wanted.tool_rules }),
      settings: {
        system: wanted.system ?? settings.system,
        description: wanted.description ?? settings.description,
        metadata: wanted.metadata ?? settings.metadata,
        modelSettings: toSettings(wanted.model_settings) ?? settings.modelSettings,
        parallelToolCalls:
          wanted.model_settings?.parallel_tool_calls ?? wanted.parallel_tool_calls ?? settings.parallelToolCalls,
        secrets: wanted.secrets ?? settings.secrets,
      },
    });
    if (!after) throw agentNotFound();
    return after;
  });
}

const asks = (rule: ToolRule, name: string) => rule.type === 'requires_approval' && rule.tool_name === name;

/** Adds or takes away the rule by which calls of a tool wait for an answer; the tool need not be attached. */
export async function setApproval(sandbox: Sandbox, id: string, tool: string, required: boolean): Promise<void> {
  const { toolRules } = await requireAgent(sandbox, id);
  const others = toolRules.filter((rule) => !asks(rule, tool));
  const rule = { tool_name: tool, type: 'requires_approval', prompt_template: null };
  const already = others.length < toolRules.length;
  if (already === required) return;
  await writeAgent(sandbox, sandbox.pool, id, { toolRules: required ? [...others, rule] : others });
}

/** Attaches a tool, and makes the rule that it asks for approval where that is its default. */
export async function attachTool(sandbox: Sandbox, agentId: string, toolId: string): Promise<void> {
  await requireAgent(sandbox, agentId);
  const tool = await findTool(sandbox, toolId);
  if (!tool) throw refuse(404, `Tool with id=${toolId} not found`);
  await attachTools(sandbox, sandbox.pool, agentId, [toolId]);
  if (tool.defaultRequiresApproval) await setApproval(sandbox, agentId, tool.name, true);
}
