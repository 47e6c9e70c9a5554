import type { JsonObject } from '@/lib/protocol/json';
import { inputText, type StoredMessage } from './stored-message';

/** What a turn cost, in invented tokens: about four characters each. */
export type Usage = { promptTokens: number; completionTokens: number; steps: number; contextTokens: number };

export const noUsage: Usage = { promptTokens: 0, completionTokens: 0, steps: 0, contextTokens: 0 };

const CHARACTERS_PER_TOKEN = 4;
const tokensIn = (text: string): number => Math.ceil(text.length / CHARACTERS_PER_TOKEN);

function promptTokens({ body }: StoredMessage): number {
  if (body.role === 'user' || body.role === 'system') return tokensIn(inputText(body));
  return tokensIn(JSON.stringify(body));
}

/** Adds one model call over `context` that gave `replied` characters' worth of text. */
export function addCall(usage: Usage, context: StoredMessage[], replied: string): Usage {
  const prompt = context.reduce((sum, message) => sum + promptTokens(message), 0);
  const completion = tokensIn(replied);
  return {
    promptTokens: usage.promptTokens + prompt,
    completionTokens: usage.completionTokens + completion,
    steps: usage.steps + 1,
    contextTokens: prompt + completion,
  };
}

/** As the API tells it. Details are 0 where steps are told and null where tokens are. */
export function wireUsage(usage: Usage, tokens: boolean): JsonObject {
  const detail = tokens ? null : 0;
  return {
    message_type: 'usage_statistics',
    completion_tokens: usage.completionTokens,
    prompt_tokens: usage.promptTokens,
    total_tokens: usage.promptTokens + usage.completionTokens,
    step_count: usage.steps,
    run_ids: null,
    cached_input_tokens: detail,
    cache_write_tokens: detail,
    reasoning_tokens: detail,
    context_tokens: usage.contextTokens,
  };
}
