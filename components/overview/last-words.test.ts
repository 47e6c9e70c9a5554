import { expect, test } from 'vitest';
import { WireEntry } from '@/lib/protocol/entry';
import { AgentId, SeatId } from '@/lib/protocol/ids';
import { beatsOf, lastWords } from './last-words';

const seats = ['a', 'b'].map((id, index) => ({
  id: SeatId.parse(id),
  agentId: AgentId.parse(`agent-${id}`),
  name: ['Alice', 'Bob'][index] ?? '',
  dialect: 'rest' as const,
  threadId: null,
  holder: null,
}));

const entry = (streamSeq: number, type: string, payload: unknown): WireEntry =>
  WireEntry.parse({
    seq: streamSeq + 100,
    stream: 'conversation:019a0000-0000-7000-8000-000000000001',
    streamSeq,
    id: `019a0000-0000-7000-8000-0000000000${String(streamSeq).padStart(2, '0')}`,
    type,
    actor: { kind: 'person', id: 'mira', name: 'Mira' },
    occurredAt: '2026-11-20T11:41:48.000Z',
    receivedAt: '2026-11-20T11:41:48.000Z',
    cause: null,
    payload,
  });

const seen = (streamSeq: number, seat: string, messageType: string, content: string) =>
  entry(streamSeq, 'message.seen', {
    seat,
    messageId: `message-${streamSeq}`,
    messageType,
    content,
    runId: null,
    stepId: null,
    otid: null,
    senderId: null,
    senderName: null,
    date: '2026-11-20T11:41:48.000Z',
  });

test('the last that somebody said, not the last that happened', () => {
  const entries = [
    seen(1, 'a', 'assistant_message', 'Hello'),
    seen(2, 'b', 'assistant_message', 'Hi Alice'),
    seen(3, 'b', 'reasoning_message', 'hm'),
  ];
  expect(lastWords(entries, seats, 1)).toMatchObject([{ seat: 'b', name: 'Bob', text: 'Hi Alice' }]);
  expect(lastWords(entries, seats, 5).map(({ text }) => text)).toEqual(['Hello', 'Hi Alice']);
});

test('a person who speaks goes by their name', () => {
  const spoken = entry(4, 'message.spoken', {
    to: 'a',
    content: 'Ask Bob',
    personId: 'mira',
    turnId: '019a0000-0000-7000-8000-000000000009',
    otid: 'otid-1',
  });
  const words = lastWords([seen(1, 'a', 'assistant_message', 'Hello'), spoken], seats, 1);
  expect(words).toMatchObject([{ seat: null, isPerson: true, name: 'Mira', text: 'Ask Bob' }]);
});

test('without words there is nothing, and what is not understood is passed over', () => {
  expect(lastWords([], seats, 3)).toEqual([]);
  expect(lastWords([entry(1, 'something.newer', {})], seats, 3)).toEqual([]);
});

test('beats are what the agents wrote', () => {
  const entries = [
    seen(1, 'a', 'user_message', 'you'),
    seen(2, 'a', 'assistant_message', 'four'),
    seen(3, 'b', 'assistant_message', 'x'),
  ];
  expect(beatsOf(entries).map(({ seat, length }) => [seat, length])).toEqual([
    ['a', 4],
    ['b', 1],
  ]);
});
