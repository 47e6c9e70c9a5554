import type { AgentMessage, ToolCall, ToolReturn } from './message';

/** All calls of a message that calls tools, in the model's order. */
export const callsOf = (message: AgentMessage): ToolCall[] =>
  message.toolCalls ?? (message.toolCall ? [message.toolCall] : []);

/** All returns of a message that carries them. */
export const returnsOf = (message: AgentMessage): ToolReturn[] =>
  message.toolReturns ?? (message.toolReturn ? [message.toolReturn] : []);
