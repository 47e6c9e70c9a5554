import { z } from 'zod';
import { JsonObject } from '@/lib/protocol/json';
import type { Model, ModelReply } from './model';
import { modelFailureTypes } from './model-failure';
import { inputText, type StoredMessage } from './stored-message';

const Call = z.strictObject({ tool: z.string().min(1), arguments: z.union([JsonObject, z.string()]).default({}) });

const Step = z.strictObject({
  reason: z.string().optional(),
  say: z.string().optional(),
  call: Call.optional(),
  calls: z.array(Call).optional(),
  stallMs: z.number().int().min(0).max(600_000).optional(),
  stallAfterTokens: z.number().int().min(0).optional(),
  tokenMs: z.number().int().min(0).max(10_000).optional(),
  fail: z.enum(modelFailureTypes).optional(),
  nothing: z.literal(true).optional(),
});
type Step = z.infer<typeof Step>;

/** A script for the model `sandbox/scripted`: one entry for each time the model is asked. */
const ScriptText = z.strictObject({ script: z.array(Step).min(1).max(100) });
export type SandboxScript = z.input<typeof ScriptText>;

function toReply(step: Step): ModelReply {
  const calls = [...(step.call ? [step.call] : []), ...(step.calls ?? [])];
  return {
    ...(step.reason !== undefined && { reasoning: step.reason }),
    ...(step.say !== undefined && { text: step.say }),
    ...(calls.length > 0 && { calls: calls.map((call) => ({ name: call.tool, arguments: call.arguments })) }),
    ...(step.stallMs !== undefined && { stall: { ms: step.stallMs, afterTokens: step.stallAfterTokens ?? 0 } }),
    ...(step.tokenMs !== undefined && { tokenMs: step.tokenMs }),
    ...(step.fail !== undefined && { failure: { type: step.fail, detail: `the script asked for ${step.fail}` } }),
  };
}

type Found = { steps: Step[] } | { problem: string } | null;

/** The script in a text, which may say other things around it; null when there is none. */
function scriptIn(text: string): Found {
  const start = text.search(/\{\s*"script"\s*:/);
  if (start < 0) return null;
  for (let end = text.indexOf('}', start); end >= 0; end = text.indexOf('}', end + 1)) {
    const candidate = text.slice(start, end + 1);
    if (!isJson(candidate)) continue;
    const parsed = ScriptText.safeParse(JSON.parse(candidate));
    return parsed.success ? { steps: parsed.data.script } : { problem: z.prettifyError(parsed.error) };
  }
  return { problem: 'the script is no JSON' };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

const isInput = (message: StoredMessage) =>
  message.runId !== null && (message.body.role === 'user' || message.body.role === 'system');

const isReply = (message: StoredMessage) =>
  message.body.role === 'assistant' || message.body.role === 'approval_request';

/**
 * The simulated model `sandbox/scripted`, for tests and demonstrations. It does what a JSON script says that stands
 * anywhere in what it was last told, by a person or by another agent:
 *
 *     {"script": [
 *       {"reason": "I will ask.", "call": {"tool": "pay_invoice", "arguments": {"amount": 5}}},
 *       {"calls": [{"tool": "a"}, {"tool": "b"}]},
 *       {"stallMs": 500, "stallAfterTokens": 2, "say": "One two three."},
 *       {"fail": "llm_rate_limit"},
 *       {"nothing": true}
 *     ]}
 *
 * The first entry is the model's first reply to that input, the second the next one (after tools have returned), and so
 * on; after the last it says "The script has ended.". Members of an entry: `reason` and `say` are reasoning and text,
 * `call` and `calls` are tool calls (several at once need an agent with parallel_tool_calls; `arguments` may be a text
 * that is no JSON), `stallMs` stands still (after `stallAfterTokens` pieces, else before the first), `tokenMs` is the
 * time between pieces, whatever the pace of the sandbox, `fail` makes the model's provider fail, `nothing` produces nothing at all. A script that does not parse fails the turn.
 *
 * Where the input carries no script, the one in the agent's block `script` is used; without that, it repeats the input.
 */
export const scripted: Model = ({ context, blocks }) => {
  const at = context.findLastIndex(isInput);
  const input = context[at];
  const text = input && (input.body.role === 'user' || input.body.role === 'system') ? inputText(input.body) : '';
  const script = scriptIn(text) ?? scriptIn(blocks.find((block) => block.label === 'script')?.value ?? '');
  if (!script) return { text: `I heard: ${text}` };
  if ('problem' in script) return { failure: { type: 'llm_bad_request', detail: script.problem } };
  const made = new Set(
    context
      .slice(at + 1)
      .filter(isReply)
      .map((message) => message.stepId),
  );
  const step = script.steps[made.size];
  return step ? toReply(step) : { text: 'The script has ended.' };
};
