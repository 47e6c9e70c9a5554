import { z } from 'zod';
import type { Api } from '@/e2e/program/api';
import { Agent } from '@/lib/protocol/agent';
import { Conversation } from '@/lib/protocol/conversation';
import { type Entry, knownEntry, type WireEntry } from '@/lib/protocol/entry';
import type { SeatId } from '@/lib/protocol/ids';
import { pollUntil } from './poll-until';
import type { ScriptedMove } from './scripted-role';
import type { RealLetta } from './start-real-letta';

export const ASYNC = 'send_message_to_agent_async';
export const WAIT = 'send_message_to_agent_and_wait_for_reply';

/** A conversation of two agents of the scripted model, as a script over HTTP sees it. */
export type Talk = {
  id: string;
  /** Ids of the agents in seats a and b. */
  agents: { a: string; b: string };
  /** Tells the agent in a seat what to do, one move a step. Resolves with the text that said it. */
  tell(seat: 'a' | 'b', moves: ScriptedMove[]): Promise<string>;
  conversation(): Promise<Conversation>;
  entries(): Promise<WireEntry[]>;
  facts(): Promise<Entry[]>;
  /** Resolves once the facts are as wanted. Throws with what they are after `deadlineMs`. */
  until(isWanted: (facts: Entry[]) => boolean, deadlineMs?: number): Promise<Entry[]>;
  /** Resolves once nothing is under way and nobody waits. */
  rest(deadlineMs?: number): Promise<void>;
  stop(): Promise<void>;
};

const DEADLINE_MS = 30_000;
const Spoken = z.looseObject({ id: z.string() });

/** Makes two agents and seats them in a conversation whose calls Parley carries. */
export async function makeTalk(api: () => Api, letta: RealLetta, title: string): Promise<Talk> {
  const make = async (name: string) => {
    const body = { name: `${title} ${name}`, model: letta.model.handle, tools: [ASYNC, WAIT] };
    return Agent.parse(await api().ask({ method: 'POST', path: '/api/agents', body })).id;
  };
  const agents = { a: await make('A'), b: await make('B') };
  const body = { title, seats: [{ agentId: agents.a }, { agentId: agents.b }] };
  const { id } = Conversation.parse(await api().ask({ method: 'POST', path: '/api/conversations', body }));
  const path = `/api/conversations/${id}`;
  const conversation = async () => Conversation.parse(await api().ask({ path }));
  const entries = () => api().entries(id);
  const facts = async () => (await entries()).flatMap((entry) => knownEntry(entry) ?? []);
  const tell: Talk['tell'] = async (seat, moves) => {
    const content = letta.model.ask(moves);
    Spoken.parse(await api().ask({ method: 'POST', path: `${path}/messages`, body: { to: seat, content } }));
    return content;
  };
  const until: Talk['until'] = async (isWanted, deadlineMs = DEADLINE_MS) => {
    let last: Entry[] = [];
    const ready = async () => {
      last = await facts();
      return isWanted(last);
    };
    await pollUntil(ready, deadlineMs, () => `“${title}” has come to:\n${last.map(inShort).join('\n')}`);
    return last;
  };
  const rest = async (deadlineMs = DEADLINE_MS) => {
    let state = '';
    const isIdle = async () => {
      ({ state } = await conversation());
      return state === 'idle';
    };
    await pollUntil(isIdle, deadlineMs, () => `“${title}” is ${state}`);
  };
  const stop = async () => void (await api().ask({ method: 'PATCH', path, body: { state: 'stopped' } }));
  return { id, agents, tell, conversation, entries, facts, until, rest, stop };
}

const inShort = ({ streamSeq, type, payload }: Entry): string =>
  `${streamSeq} ${type} ${JSON.stringify(payload).slice(0, 200)}`;

/** Turns of a seat that have begun and not ended. */
export const turnsUnderWay = (facts: readonly Entry[], seat: SeatId | 'a' | 'b'): number => {
  const ended = new Set(facts.flatMap((fact) => (fact.type === 'turn.ended' ? [fact.payload.turnId] : [])));
  return facts.filter(
    (fact) => fact.type === 'turn.started' && fact.payload.seat === seat && !ended.has(fact.payload.turnId),
  ).length;
};
