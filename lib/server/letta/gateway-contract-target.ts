import type { AgentId } from '@/lib/protocol/ids';
import type { JsonObject } from '@/lib/protocol/json';
import type { Gateway } from './gateway';

/** One answer of a scripted model: text, calls of tools, or a failure of its provider. One move is one step. */
export type Move =
  /** `slowly`: several seconds, word by word, so that a test can act while the agent speaks. */
  | { kind: 'say'; text: string; reasoning?: string; slowly?: boolean }
  /** Several calls are made in parallel, where the agent allows it. */
  | { kind: 'call'; calls: ScriptedCall[]; text?: string; reasoning?: string }
  | { kind: 'fail' };

export type ScriptedCall = { tool: string; arguments: JsonObject };

/**
 * A server on which the contract of the port is tested. Its agents have the tools `core_memory_append` (label, content),
 * `core_memory_replace` (label, old_content, new_content) and `send_message_to_agent_async` (message, other_agent_id).
 */
export type GatewayTarget = {
  url: string;
  /** Model whose agents do what a text from `ask` says. */
  model: string;
  connect(options?: { url?: string; apiKey?: string; timeoutMs?: number }): Gateway;
  /** A text that makes the agent who hears it do `moves`, one a step. */
  ask(moves: Move[]): string;
  /** Lets the model of an agent make several calls in one step; agents are made without. */
  allowParallelCalls(agentId: AgentId): Promise<void>;
  /** Opens another thread of an agent and gives its id. */
  openThread(agentId: AgentId): Promise<string>;
  /** Speaks in a thread as somebody does who goes past the port, and waits for the whole answer in one piece. */
  sayAtOnce(threadId: string, text: string): Promise<void>;
  /** Cancels a run as somebody does who goes past the port. */
  cancelRun(agentId: AgentId, runId: string): Promise<void>;
  /** Whether the engine refuses a second turn in a thread that has one. Letta does with Redis, and not for default threads. */
  refusesSecondTurn: boolean;
  stop(): Promise<void>;
};

/** What the parts of the contract share: the target once it runs, and agents that are gone afterwards. */
export type Bench = {
  target(): GatewayTarget;
  gateway(): Gateway;
  /** A new agent with one block `notes` and the tools named. */
  agent(options?: { name?: string; tools?: string[]; approve?: string[]; tags?: string[] }): Promise<AgentId>;
};
