import type { JsonObject } from '@/lib/protocol/json';
import { companion } from './companion';
import { refuse } from './letta-refusal';
import type { Model } from './model';
import { pythonRepr } from './python-text';
import { scripted } from './scripted';

/** Models by handle. The first is what an agent gets when nobody chooses; both are simulated and say so. */
const models = new Map<string, { display: string; answer: Model }>([
  ['sandbox/companion', { display: 'Companion (simulated)', answer: companion }],
  ['sandbox/scripted', { display: 'Scripted (simulated)', answer: scripted }],
]);

const CONTEXT_WINDOW = 30_000;

/** Throws 404 for an unknown handle, as the server does. */
export function requireModel(handle: string): Model {
  const found = models.get(handle);
  if (!found) {
    const known = pythonRepr([...models.keys()]);
    throw refuse(404, `NOT_FOUND: Handle ${handle} not found, must be one of ${known}`);
  }
  return found.answer;
}

const nameOf = (handle: string) => handle.slice(handle.indexOf('/') + 1);

/** The configuration of a model as agents carry it, and as GET /v1/models/ lists it. */
export function wireModelConfig(handle: string, parallelToolCalls: boolean): JsonObject {
  return {
    model: nameOf(handle),
    display_name: models.get(handle)?.display ?? null,
    model_endpoint_type: 'openai',
    model_endpoint: null,
    provider_name: 'sandbox',
    provider_category: 'base',
    model_wrapper: null,
    context_window: CONTEXT_WINDOW,
    put_inner_thoughts_in_kwargs: false,
    handle,
    temperature: 1,
    max_tokens: null,
    enable_reasoner: true,
    reasoning_effort: null,
    max_reasoning_tokens: 0,
    effort: null,
    frequency_penalty: null,
    compatibility_type: null,
    verbosity: null,
    tier: null,
    parallel_tool_calls: parallelToolCalls,
    response_format: null,
    strict: false,
    return_logprobs: false,
    top_logprobs: null,
    return_token_ids: false,
    tool_call_parser: null,
  };
}

export const listWireModels = (): JsonObject[] =>
  [...models.keys()].map((handle) => ({
    ...wireModelConfig(handle, false),
    name: nameOf(handle),
    provider_type: 'openai',
    model_type: 'llm',
    max_context_window: CONTEXT_WINDOW,
  }));
