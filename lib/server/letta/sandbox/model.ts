import type { JsonObject } from '@/lib/protocol/json';
import type { ModelFailureType } from './model-failure';
import type { StoredMessage } from './stored-message';

/** A tool as the model is told of it. */
export type OfferedTool = { name: string; custom: boolean; parameters: JsonObject };

/** All that a simulated model may look at. It has no state: the same request gets the same reply. */
export type ModelRequest = {
  agent: { id: string; name: string };
  blocks: { label: string; value: string }[];
  tools: OfferedTool[];
  /** What is in context, oldest first, the new input included. */
  context: StoredMessage[];
};

/** A call that the model makes; arguments given as text are passed on as they are, well-formed or not. */
export type ModelCall = { name: string; arguments: JsonObject | string };

/** One reply of a model: any of reasoning, text and calls, in this order. All absent: it produced nothing. */
export type ModelReply = {
  reasoning?: string;
  text?: string;
  calls?: ModelCall[];
  /** Stands still for `ms` after so many pieces of the reply. */
  stall?: { ms: number; afterTokens: number };
  /** Milliseconds between two pieces, in place of the sandbox's own pace. */
  tokenMs?: number;
  failure?: { type: ModelFailureType; detail: string };
};

export type Model = (request: ModelRequest) => ModelReply;
