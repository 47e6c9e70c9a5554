import { expect, test } from 'vitest';
import { AgentId, ConversationId, ConveyanceId, SeatId } from '@/lib/protocol/ids';
import { BOTTLENECK_MS } from '@/lib/protocol/talk-figures';
import { talkFigures } from './talk-figures';
import { type TalkEvent, talkSamples } from './talk-samples';

const uuid = (n: number) => `0199a000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const end = (letter: string) => ({
  agentId: AgentId.parse(`agent-${letter}`),
  name: letter.toUpperCase(),
  seat: SeatId.parse(letter),
});

/** `kind` of message `n` from one agent to another, so many milliseconds on; entries are numbered by that. */
const event = (
  kind: TalkEvent['kind'],
  n: number,
  route: string,
  at: number,
  more: Partial<TalkEvent> = {},
): TalkEvent => ({
  kind,
  conveyanceId: ConveyanceId.parse(uuid(n)),
  conversationId: ConversationId.parse(uuid(900)),
  entry: at + 1,
  streamSeq: at + 1,
  at,
  from: end(route.charAt(0)),
  to: end(route.charAt(1)),
  byPerson: false,
  isAwaited: false,
  latencyMs: kind === 'received' ? 7 : null,
  ...more,
});
const ends = { from: null, to: null };
const shown = (events: TalkEvent[]) =>
  talkSamples(events).answers.map(({ from, to, valueMs }) => `${from.name}→${to.name} ${valueMs}`);

test('[MT5] an answer is measured from the first message without one to the next that goes back', () => {
  const events = [
    event('sent', 1, 'ab', 0),
    event('received', 1, 'ab', 10),
    event('received', 2, 'ab', 400),
    event('sent', 3, 'ba', 1_010), // counts, whenever it arrives: it may wait for a person
    event('received', 3, 'ba', 90_000),
    event('sent', 4, 'ba', 2_000), // nothing was open any more
  ];
  expect(shown(events)).toEqual(['B→A 1000']);
  expect(talkSamples(events).messages).toHaveLength(3);
});

test('[MT5] what comes back through a call that waits is an answer; a receipt is none', () => {
  const waited = [
    event('sent', 1, 'ab', 0, { isAwaited: true }),
    event('received', 1, 'ab', 10),
    event('answered', 1, 'ab', 510, ends),
  ];
  expect(shown(waited)).toEqual(['B→A 500']);
  expect(shown(waited.map((each) => ({ ...each, isAwaited: false })))).toEqual([]);
});

test('[MT5] what a person says or hears in an agent’s seat tells nothing of the agent', () => {
  const events = [
    event('received', 1, 'ab', 0),
    event('sent', 2, 'ba', 50, { byPerson: true }),
    event('received', 3, 'ab', 60, { byPerson: true }),
    event('sent', 4, 'ba', 70),
  ];
  expect(shown(events)).toEqual([]);
});

test('[MT5] the order is that of what happened, not that of the ledger', () => {
  const later = event('sent', 2, 'ba', 300, { entry: 1 });
  expect(shown([later, event('received', 1, 'ab', 100, { entry: 9 })])).toEqual(['B→A 200']);
});

test('[MT6] pairs and agents with the most messages come first, with their medians and what lies past the line', () => {
  const slow = BOTTLENECK_MS + 1;
  const events = [
    ...[0, 1, 2].flatMap((n) => [
      event('received', 10 + n, 'ab', n * 100_000),
      event('sent', 20 + n, 'ba', n * 100_000 + ([100, 200, slow][n] ?? 0)),
    ]),
    event('received', 30, 'ca', 500_000),
  ];
  const { agents, pairs, messages, answers } = talkFigures(talkSamples(events));
  expect({ messages, answers }).toEqual({ messages: 4, answers: 3 });
  expect(agents.map(({ name, messages: own, p50Ms }) => [name, own, p50Ms])).toEqual([
    ['A', 4, null],
    ['B', 3, 200],
    ['C', 1, null],
  ]);
  expect(pairs.map(({ from, to, messages: own, p50Ms, p95Ms, over }) => [from, to, own, p50Ms, p95Ms, over])).toEqual([
    ['agent-a', 'agent-b', 3, null, null, 0],
    ['agent-c', 'agent-a', 1, null, null, 0],
    ['agent-b', 'agent-a', 0, 200, slow, 1],
  ]);
  expect(pairs[2]?.slowest.map(({ valueMs }) => valueMs)).toEqual([slow, 200, 100]);
  expect(pairs[0]?.newest.map(({ streamSeq }) => streamSeq)).toEqual([200_001, 100_001, 1]);
});

test('[MT6] without messages there is nothing', () => {
  expect(talkFigures(talkSamples([]))).toMatchObject({ messages: 0, answers: 0, agents: [], pairs: [] });
});
