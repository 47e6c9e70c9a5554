import type { AgentRecord } from './agent-store';
import { blocksOf } from './block-store';
import type { ConversationRecord } from './conversation-store';
import { requireModel } from './model-catalogue';
import type { Sandbox } from './sandbox-context';
import type { SendRequest } from './send-request';
import { toolsOf } from './tool-store';
import type { Turn } from './turn';

type Told = Pick<Turn, 'runId' | 'tokens' | 'emit' | 'interruptible'>;

/** Gathers what a turn needs to know of its agent, as of now. Throws 404 for a model that is not there. */
export async function beginTurn(
  sandbox: Sandbox,
  agent: AgentRecord,
  conversation: ConversationRecord | null,
  request: SendRequest,
  told: Told,
): Promise<Turn> {
  const [tools, blocks] = await Promise.all([toolsOf(sandbox, [agent.id]), blocksOf(sandbox, [agent.id])]);
  const clientTools = (request.client_tools ?? []).map((tool) => ({
    name: tool.name,
    custom: true,
    parameters: tool.parameters ?? {},
  }));
  const shown = request.include_return_message_types;
  return {
    ...told,
    emit: async (message) => {
      if (!shown || shown.includes(message.message_type)) await told.emit(message);
    },
    agent,
    tools: tools.get(agent.id) ?? [],
    blocks: blocks.get(agent.id) ?? [],
    model: requireModel(request.override_model ?? conversation?.model ?? agent.model),
    clientTools,
    conversationId: conversation?.id ?? null,
    maxSteps: request.max_steps,
  };
}
