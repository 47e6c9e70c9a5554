import type { Block } from '@/lib/protocol/agent';
import type { AgentId } from '@/lib/protocol/ids';
import type { AgentMessage, ToolReturn } from '@/lib/protocol/message';

/**
 * All that the rest of Parley knows of Letta: one port, an adapter for each dialect.
 *
 * Failures are AppErrors: `engine.unavailable` (not reached, broken off, timed out; the effect of a send is then UNKNOWN
 * and must be looked up, never repeated blindly), `engine.not_reached` (of a send: no connection was made, so that nothing
 * can have happened), `engine.refused` (reached, but it does not let us in),
 * `engine.answered_badly` (reached, but the answer makes no sense or is an error of the engine), `agent.not_found`,
 * `request.invalid` (the engine refuses the values given, with its words).
 */
export interface Gateway {
  readonly dialect: 'rest' | 'app-server';
  readonly capabilities: Capabilities;

  /** Asks whether the server is well and lets us in. Resolves with its version where it tells; throws as above. */
  check(signal?: AbortSignal): Promise<{ version: string | null }>;

  listModels(): Promise<{ handle: string; name: string }[]>;

  /** Every agent, with blocks, tools and tags; `pending` is set where the default thread waits for an answer. */
  listAgents(): Promise<EngineAgent[]>;
  findAgent(agentId: AgentId): Promise<EngineAgent | null>;
  /** Agents that carry the tag. Finds out what became of a creation whose answer was lost. */
  findAgentsByTag(tag: string): Promise<EngineAgent[]>;
  createAgent(spec: AgentSpec): Promise<EngineAgent>;
  changeAgent(agentId: AgentId, change: AgentChange): Promise<EngineAgent>;
  deleteAgent(agentId: AgentId): Promise<void>;

  /** Sets whether calls of `tool` stop for an answer before they run. */
  setApproval(agentId: AgentId, tool: string, required: boolean): Promise<void>;

  /**
   * Sends `input` to a thread and yields what the agent does, until it rests. Never repeated by the adapter.
   * The caller keeps one turn outstanding per thread. Ending the iteration early leaves the turn running in the engine.
   * Throws `agent.busy` when the engine refuses because a turn runs or an approval is pending, `request.invalid` when
   * it refuses the input (such as answers to other calls than those that wait), `engine.not_reached` when it could not
   * even be asked: nothing was done then.
   * Throws `engine.unavailable` when the outcome is unknown, and the reason of `signal` when that aborts.
   * HAZARD: an engine may take a second answer to a call as a reason for another turn; answer each call once.
   */
  send(thread: Thread, input: TurnInput, options?: { signal?: AbortSignal }): AsyncIterable<TurnEvent>;

  /**
   * Stops what the thread is doing, or the run named. True when the engine had something to stop. A run that stands at a
   * call is stopped only when it is named: that gives the call up, and the engine records it as denied. Throws
   * `agent.busy` where a turn cannot be stopped without giving up a call of another thread.
   */
  interrupt(thread: Thread, runId?: string): Promise<boolean>;

  /**
   * Messages of a thread in the engine's order, oldest first, that come after `after` (a message id), or before
   * `before`, or the newest `limit` when neither is given. Keep-alive messages that the server injects are left out.
   * A page may hold a few more than `limit`: what an engine stores as one is not torn apart. Empty means the end.
   */
  listMessages(thread: Thread, page: { after?: string; before?: string; limit: number }): Promise<AgentMessage[]>;

  /**
   * Messages of all agents after `after` (from the newest when absent: resolves with no messages and a cursor),
   * oldest first, each with the agent it belongs to. One request however many agents there are, and one for each run
   * that is new. The agents' own prompts are left out. The same cursor tells the same again, so keep it together with
   * what it told. Every message is told at least once: when an agent was deleted, some may come again; `messageId` and
   * `messageType` tell.
   */
  tail(after: string | null, limit: number): Promise<{ messages: TailedMessage[]; cursor: string | null }>;

  /**
   * The newest runs, of any agent and thread, that stopped for an approval: whether it was answered since is not told.
   * One request, however many agents and threads there are.
   */
  listApprovalRuns(limit: number): Promise<ApprovalRun[]>;

  /** The approval that the thread waits for, or null. */
  findPendingApproval(thread: Thread): Promise<PendingApproval | null>;

  /** Threads of an agent beside its default one, the one with the newest message first; at most 100. */
  listThreads(agentId: AgentId): Promise<EngineThread[]>;

  /** The newest runs of an agent, newest first, each with what it cost where the engine tells. One question for each. */
  listNewestRuns(agentId: AgentId, limit: number): Promise<(EngineRun & { usage: Omit<Usage, 'steps'> | null })[]>;

  /** The run, or null where the engine does not know it. */
  findRun(runId: string): Promise<EngineRun | null>;

  /** Runs of an agent that were created at or after `since`, newest first; not those whose input was refused. */
  listRuns(agentId: AgentId, since: Date): Promise<EngineRun[]>;
}

export type Capabilities = {
  /** An approval can carry edited arguments. */
  canEditArguments: boolean;
  /** A thread can be forked at a message. */
  canFork: boolean;
  /** A run that somebody else started can be followed token by token. */
  canFollowForeignRuns: boolean;
};

/** A line of messages of one agent; `threadId` null is its default thread. */
export type Thread = { agentId: AgentId; threadId: string | null };

export type EngineAgent = {
  id: AgentId;
  name: string;
  model: string | null;
  blocks: Block[];
  tools: string[];
  tags: string[];
  /** Tools whose calls wait for an answer. */
  approvalTools: string[];
  pending: PendingApproval | null;
};

export type AgentSpec = { name: string; model?: string; blocks: Block[]; tools: string[]; tags: string[] };
export type AgentChange = { name?: string; model?: string; blocks?: Block[]; tools?: string[]; tags?: string[] };

export type TurnInput =
  /** A person speaks. */
  | { kind: 'user'; text: string; otid: string; senderName?: string }
  /** Another agent speaks; `text` is already in the engine's own wording. */
  | { kind: 'agent'; text: string; otid: string; senderId: AgentId; senderName: string }
  /**
   * Every call of one step that waits, answered at once. The engine takes either all of them or none. `joined` is what a
   * person says at this very step: the agent reads it with the answers.
   */
  | { kind: 'answers'; answers: CallAnswer[]; joined?: { text: string; otid: string; senderName: string } };

export type CallAnswer =
  | { kind: 'approve'; toolCallId: string; reason?: string }
  | { kind: 'deny'; toolCallId: string; reason: string }
  | ({ kind: 'result' } & Pick<ToolReturn, 'toolCallId' | 'status' | 'text'>);

/** A run that stopped for an approval, and where it ran. */
export type ApprovalRun = Thread & { runId: string };

export type PendingApproval = { messageId: string; runId: string | null; message: AgentMessage };

export type TurnEvent =
  /** The engine took the input and works on it: first event of every turn, and after it no refusal follows. */
  | { kind: 'accepted'; runId: string | null }
  /** A piece of a message that is being written: volatile, superseded by `message`. */
  | { kind: 'delta'; messageId: string; messageType: AgentMessage['messageType']; runId: string | null; delta: Delta }
  /**
   * One finished message, as the listing gives it (but for its date and for blanks between arguments). The engine has
   * stored it: what a cancelled or failed step was about to say never becomes one. `deltaId` is the `messageId` of its
   * deltas where the engine changed it since. The input itself, and answers, are not told.
   */
  | { kind: 'message'; message: AgentMessage; deltaId?: string }
  | { kind: 'usage'; usage: Usage }
  /**
   * Last event: all of the turn is stored. `error` says in the engine's words why it failed. The engine may still be
   * closing the run: its thread is free when the events are read to their end.
   */
  | { kind: 'ended'; stopReason: string; error: string | null };

export type Delta =
  | { content: string }
  | { reasoning: string }
  | { toolCallId: string; name?: string; arguments: string };

export type Usage = { promptTokens: number; completionTokens: number; totalTokens: number; steps: number };

/** `isAfterGap`: something before it could not be listed, perhaps of its own thread, whose listing then tells. */
export type TailedMessage = { agentId: AgentId; threadId: string | null; message: AgentMessage; isAfterGap?: boolean };

export type EngineThread = { threadId: string; title: string | null; lastMessageAt: Date | null };

export type EngineRun = {
  id: string;
  /** The thread in which it runs; null: the agent's default one. */
  threadId: string | null;
  /** HAZARD: a killed server leaves runs that it lists as working for ever. */
  status: 'created' | 'running' | 'completed' | 'failed' | 'cancelled';
  stopReason: string | null;
  createdAt: Date;
  error: string | null;
};
