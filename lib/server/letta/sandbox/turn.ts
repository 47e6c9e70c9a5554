import type { AgentRecord } from './agent-store';
import type { BlockRecord } from './block-store';
import type { LettaMessage } from './letta-message';
import type { Model, OfferedTool } from './model';
import type { ToolRecord } from './tool-store';
import type { Usage } from './usage';

/** Everything about one turn that does not change while it runs. */
export type Turn = {
  agent: AgentRecord;
  tools: ToolRecord[];
  blocks: BlockRecord[];
  model: Model;
  /** Tools that the caller runs; their calls stop for a result. */
  clientTools: OfferedTool[];
  conversationId: string | null;
  runId: string;
  maxSteps: number;
  /** Whether replies are told piece by piece while they are made, or step by step when they are stored. */
  tokens: boolean;
  /** Told in order; a streamed turn whose run was cancelled rejects here. */
  emit: (message: LettaMessage) => Promise<void>;
  /** Rejects when the run was cancelled and the turn is one that can be stopped in the middle. */
  interruptible: () => Promise<void>;
};

export type TurnEnd = { stopReason: string; usage: Usage };

/** Whether a call of this name stops for an answer: the agent has a rule for it, or the caller runs it. */
export const needsAnswer = (turn: Pick<Turn, 'agent' | 'clientTools'>, name: string): boolean =>
  turn.agent.toolRules.some((rule) => rule.type === 'requires_approval' && rule.tool_name === name) ||
  turn.clientTools.some((tool) => tool.name === name);

/** A streamed turn was stopped in the middle: nothing of the step that was running is kept. */
export class TurnCancelled extends Error {
  constructor() {
    super('the run was cancelled');
    this.name = 'TurnCancelled';
  }
}
