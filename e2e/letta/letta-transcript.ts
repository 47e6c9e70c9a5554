import { z } from 'zod';

/** One thing that an agent heard, thought, did or said, in words that Letta's listing and Parley's transcript share. */
export type Line = `${'heard' | 'thought' | 'called' | 'was told' | 'said'}: ${string}`;

/** What Letta itself lists of an agent's default thread, oldest first, without the agent's own instructions. */
export type LettaTranscript = {
  lines: Line[];
  /** What came to the agent from outside, with the sender's id of each as far as it gave one. */
  inputs: { text: string; otid: string | null }[];
};

const LIMIT = 1_000;

const Call = z.looseObject({ name: z.string(), arguments: z.string() });
const Return = z.looseObject({ tool_return: z.unknown() });
const Message = z.looseObject({
  message_type: z.string(),
  run_id: z.string().nullish(),
  otid: z.string().nullish(),
  content: z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))]).nullish(),
  reasoning: z.string().nullish(),
  tool_call: Call.nullish(),
  tool_calls: z.array(Call).nullish(),
  tool_returns: z.array(Return).nullish(),
  tool_return: z.unknown().optional(),
});
type Message = z.infer<typeof Message>;

/** Reads it from the server without Parley's help. */
export async function readLettaTranscript(url: string, agentId: string): Promise<LettaTranscript> {
  const query = `conversation_id=default&order=asc&limit=${LIMIT}`;
  const answer = await fetch(`${url}/v1/agents/${agentId}/messages?${query}`);
  if (!answer.ok) throw new Error(`Letta does not list the messages of ${agentId}: ${await answer.text()}`);
  const listed = z
    .array(Message)
    .max(LIMIT - 1)
    .parse(await answer.json());
  const own = listed.filter((message) => message.run_id);
  return {
    lines: own.flatMap(linesOf),
    inputs: own.filter(isInput).map((message) => ({ text: textOf(message), otid: message.otid ?? null })),
  };
}

const isInput = ({ message_type: type }: Message): boolean => type === 'user_message' || type === 'system_message';

function linesOf(message: Message): Line[] {
  if (isInput(message)) return [`heard: ${textOf(message)}`];
  switch (message.message_type) {
    case 'reasoning_message':
      return [`thought: ${message.reasoning ?? ''}`];
    case 'assistant_message':
      return [`said: ${textOf(message)}`];
    case 'tool_call_message':
    case 'approval_request_message':
      return callsOf(message).map((call): Line => `called: ${call.name} ${compact(call.arguments)}`);
    case 'tool_return_message':
      return returnsOf(message).map((given): Line => `was told: ${String(given)}`);
    case 'approval_response_message':
      return []; // Parley's own answer, which is no line of the conversation
    default:
      throw new Error(`Letta lists a message that nobody expected here: ${JSON.stringify(message)}`);
  }
}

const callsOf = ({ tool_call: one, tool_calls: all }: Message) => (all?.length ? all : one ? [one] : []);
const returnsOf = ({ tool_return: one, tool_returns: all }: Message) =>
  all?.length ? all.map((given) => given.tool_return) : [one];

const textOf = ({ content }: Message): string =>
  typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? '').join('');

/** Arguments as JSON without its blanks: the engine sets them as it likes. */
export const compact = (json: string): string => JSON.stringify(JSON.parse(json));
