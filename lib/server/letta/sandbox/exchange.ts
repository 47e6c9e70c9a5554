import { z } from 'zod';
import { readIncomingMessage } from './incoming-message';
import { pythonStrings } from './python-text';
import { inputText, type StoredCall, type StoredMessage, type StoredReturn } from './stored-message';

/** What the agent was last told: by a person, or by another agent. */
export type Input =
  | { kind: 'person'; text: string; name: string | null }
  | { kind: 'agent'; text: string; name: string | null; senderId: string; awaited: boolean };

export type AnsweredCall = { call: StoredCall; given: StoredReturn };

/** The context as a script needs it: the last input, and what has come of it so far. */
export type Exchange = {
  input: Input;
  /** Calls made since that input, with what they returned, in order. */
  answered: AnsweredCall[];
  /** Texts heard from each agent and sent to each, over the whole context; an awaited reply counts as heard. */
  lines: { otherId: string; direction: 'heard' | 'sent'; text: string; position: number }[];
  /** What persons said over the whole context. */
  persons: { text: string; position: number }[];
};

const Addressed = z.object({ other_agent_id: z.string(), message: z.string() });

/** Arguments of a call as an object; an empty one when they are no JSON object. */
export function argumentsOf(call: StoredCall): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).catch({}).parse(JSON.parse(call.arguments));
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function toInput(message: StoredMessage): Input | null {
  const { body } = message;
  if (message.runId === null || (body.role !== 'user' && body.role !== 'system')) return null;
  const text = inputText(body);
  const incoming = readIncomingMessage(text);
  if (!incoming) return { kind: 'person', text, name: body.name };
  return {
    kind: 'agent',
    text: incoming.message,
    name: body.name,
    senderId: incoming.senderId,
    awaited: incoming.awaited,
  };
}

/** The words of a reply that was waited for; whoever answers the call in the server's place may give plain text. */
export function replyIn(toolReturn: string): string {
  if (!toolReturn.startsWith('{')) return toolReturn;
  const strings = pythonStrings(toolReturn);
  return strings.slice(strings.indexOf('response') + 1).join('\n');
}

type Reading = Exchange & { calls: Map<string, StoredCall> };

function readCalls(reading: Reading, calls: StoredCall[], position: number): void {
  for (const call of calls) {
    reading.calls.set(call.id, call);
    const addressed = Addressed.safeParse(argumentsOf(call));
    if (!addressed.success) continue;
    const { other_agent_id: otherId, message: text } = addressed.data;
    reading.lines.push({ otherId, direction: 'sent', text, position });
  }
}

function readReturn(reading: Reading, answered: AnsweredCall, position: number): void {
  reading.answered.push(answered);
  if (answered.call.name !== 'send_message_to_agent_and_wait_for_reply' || answered.given.status === 'error') return;
  const { other_agent_id: otherId } = argumentsOf(answered.call);
  if (typeof otherId !== 'string') return;
  reading.lines.push({ otherId, direction: 'heard', text: replyIn(answered.given.text), position });
}

function readMessage(reading: Reading, message: StoredMessage, position: number): void {
  const { body } = message;
  const input = toInput(message);
  if (input) {
    reading.input = input;
    reading.answered = [];
    if (input.kind === 'person') reading.persons.push({ text: input.text, position });
    else reading.lines.push({ otherId: input.senderId, direction: 'heard', text: input.text, position });
  } else if (body.role === 'assistant' || body.role === 'approval_request') {
    readCalls(reading, body.calls, position);
  } else if (body.role === 'tool') {
    for (const given of body.returns) {
      const call = reading.calls.get(given.callId);
      if (call) readReturn(reading, { call, given }, position);
    }
  }
}

/** Reads a context. The server's keep-alive text counts as something that a person said. */
export function readExchange(context: StoredMessage[]): Exchange {
  const reading: Reading = {
    input: { kind: 'person', text: '', name: null },
    answered: [],
    lines: [],
    persons: [],
    calls: new Map(),
  };
  context.forEach((message, position) => {
    readMessage(reading, message, position);
  });
  const { calls: _calls, ...exchange } = reading;
  return exchange;
}
