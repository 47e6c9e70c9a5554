import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { AgentId } from '@/lib/protocol/ids';
import type { AgentMessage } from '@/lib/protocol/message';
import type { CallAnswer, Gateway, Thread, TurnEvent, Usage } from './gateway';

/** A turn as it was told, taken apart. */
export type HeardTurn = {
  events: TurnEvent[];
  runId: string | null;
  messages: AgentMessage[];
  deltas: Extract<TurnEvent, { kind: 'delta' }>[];
  usage: Usage | null;
  stopReason: string;
  error: string | null;
};

export const defaultThread = (agentId: AgentId): Thread => ({ agentId, threadId: null });

/** Reads a turn to its end and checks what holds of every turn: what comes first, what comes last, and what once. */
export async function hear(events: AsyncIterable<TurnEvent>): Promise<HeardTurn> {
  const heard: TurnEvent[] = [];
  for await (const event of events) heard.push(event);
  const [first] = heard;
  const last = heard.at(-1);
  if (first?.kind !== 'accepted') throw new Error(`a turn begins with accepted, not with ${first?.kind}`);
  if (last?.kind !== 'ended') throw new Error(`a turn ends with ended, not with ${last?.kind}`);
  const messages = heard.flatMap((event) => (event.kind === 'message' ? event.message : []));
  const keys = messages.map((message) => `${message.messageId} ${message.messageType}`);
  expect(new Set(keys).size, 'no message is told twice').toBe(keys.length);
  expect(heard.filter((event) => event.kind === 'accepted' || event.kind === 'ended')).toHaveLength(2);
  return {
    events: heard,
    runId: first.runId,
    messages,
    deltas: heard.filter((event) => event.kind === 'delta'),
    usage: heard.find((event) => event.kind === 'usage')?.usage ?? null,
    stopReason: last.stopReason,
    error: last.error,
  };
}

/** A person says `text` to an agent's default thread; the turn that follows. */
export const say = (
  gateway: Gateway,
  agentId: AgentId,
  text: string,
  otid: string = randomUUID(),
): Promise<HeardTurn> => hear(gateway.send(defaultThread(agentId), { kind: 'user', text, otid }));

export const answer = (gateway: Gateway, agentId: AgentId, answers: CallAnswer[]): Promise<HeardTurn> =>
  hear(gateway.send(defaultThread(agentId), { kind: 'answers', answers }));

export const transcript = (gateway: Gateway, agentId: AgentId): Promise<AgentMessage[]> =>
  gateway.listMessages(defaultThread(agentId), { limit: 200 });

/** The same but for its date; arguments as values, since an engine may write them anew. */
export function comparable(message: AgentMessage): object {
  const { date: _date, toolCall, toolCalls, ...rest } = message;
  const parse = (call: { arguments: string }) => ({ ...call, arguments: JSON.parse(call.arguments) });
  return {
    ...rest,
    ...(toolCall ? { toolCall: parse(toolCall) } : {}),
    ...(toolCalls ? { toolCalls: toolCalls.map(parse) } : {}),
  };
}

/** Asks again until `probe` gives something; fails after 20 s. */
export const eventually = <Found>(probe: () => Promise<Found>, settled: (found: Found) => boolean): Promise<Found> =>
  expect.poll(probe, { timeout: 20_000, interval: 100 }).toSatisfy(settled).then(probe);
