import type { AgentId } from '@/lib/protocol/ids';
import {
  BOTTLENECK_MS,
  type TalkAgent,
  type TalkFigures,
  type TalkPair,
  type TalkPoint,
} from '@/lib/protocol/talk-figures';
import { percentile } from '../percentile';
import type { TalkSample } from './talk-samples';

const SHOWN_MAX = 10;
const PAIRS_MAX = 200;
const SLOWEST_PAIRS_MAX = 20;

type Samples = { messages: readonly TalkSample[]; answers: readonly TalkSample[] };

/** Who talks to whom, how much, and how long each takes to answer. Pairs and agents with the most messages come first. */
export function talkFigures({ messages, answers }: Samples): TalkFigures {
  const sent = Map.groupBy(messages, pairOf);
  const answered = Map.groupBy(answers, pairOf);
  const pairs = [...new Set([...sent.keys(), ...answered.keys()])]
    .map((key) => toPair(sent.get(key) ?? [], answered.get(key) ?? []))
    .flatMap((pair) => pair ?? [])
    .toSorted((one, other) => other.messages - one.messages || compare(one.from + one.to, other.from + other.to));
  const slowest = pairs
    .filter(({ p50Ms }) => p50Ms !== null)
    .toSorted((one, other) => (other.p50Ms ?? 0) - (one.p50Ms ?? 0))
    .slice(0, SLOWEST_PAIRS_MAX);
  return {
    about:
      'Messages between agents that arrived, and how long the receiver took to write back. What a person held or wrote does not count.',
    targetMs: BOTTLENECK_MS,
    messages: messages.length,
    answers: answers.length,
    agents: toAgents({ messages, answers }),
    pairs: [...new Set([...pairs.slice(0, PAIRS_MAX), ...slowest])],
  };
}

const pairOf = ({ from, to }: TalkSample) => JSON.stringify([from.agentId, to.agentId]);
const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
const valuesOf = (samples: readonly TalkSample[]) => samples.flatMap(({ valueMs }) => valueMs ?? []);

function toPair(messages: readonly TalkSample[], answers: readonly TalkSample[]): TalkPair | null {
  const [first] = [...messages, ...answers];
  if (!first) return null;
  const values = valuesOf(answers);
  return {
    from: first.from.agentId,
    to: first.to.agentId,
    messages: messages.length,
    newest: messages
      .toSorted((one, other) => other.entry - one.entry)
      .slice(0, SHOWN_MAX)
      .map(toPoint),
    answers: answers.length,
    p50Ms: percentile(values, 0.5),
    p95Ms: percentile(values, 0.95),
    over: values.filter((value) => value > BOTTLENECK_MS).length,
    slowest: answers
      .toSorted((one, other) => (other.valueMs ?? 0) - (one.valueMs ?? 0))
      .slice(0, SHOWN_MAX)
      .map(toPoint),
  };
}

const toPoint = ({ at, valueMs, entry, streamSeq, conversationId, from, to }: TalkSample): TalkPoint => ({
  at: new Date(at).toISOString(),
  valueMs,
  entry,
  streamSeq,
  conversationId,
  fromSeat: from.seat,
  toSeat: to.seat,
});

function toAgents({ messages, answers }: Samples): TalkAgent[] {
  const found = new Map<AgentId, { name: string; entry: number; messages: number }>();
  for (const { from, to, entry } of messages) {
    for (const { agentId, name } of [from, to]) {
      const agent = found.get(agentId) ?? { name, entry, messages: 0 };
      agent.messages += 1;
      if (entry >= agent.entry) Object.assign(agent, { name, entry }); // the name it goes by now
      found.set(agentId, agent);
    }
  }
  const given = Map.groupBy(answers, ({ from }) => from.agentId);
  return [...found]
    .map(([agentId, agent]) => ({
      agentId,
      name: agent.name,
      messages: agent.messages,
      p50Ms: percentile(valuesOf(given.get(agentId) ?? []), 0.5),
    }))
    .toSorted((one, other) => other.messages - one.messages || compare(one.name, other.name));
}
