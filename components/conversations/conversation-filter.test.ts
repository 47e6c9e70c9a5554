import { expect, test } from 'vitest';
import { agentHue } from '@/components/shell/agent-hue';
import { Conversation } from '@/lib/protocol/conversation';
import { filterConversations } from './conversation-filter';
import { seatIdAt } from './seat-id-at';
import { titleOf } from './use-new-conversation';

const conversation = (number: number, title: string, state: string, names: string[]) =>
  Conversation.parse({
    id: `019a0000-0000-7000-8000-00000000000${number}`,
    title,
    server: 'sandbox',
    seats: names.map((name, position) => ({
      id: seatIdAt(position),
      agentId: `agent-${name}`,
      name,
      dialect: 'rest',
      threadId: null,
      holder: null,
    })),
    conveyance: 'tool',
    observed: false,
    maxTurns: 50,
    turns: 0,
    edges: [],
    state,
    stoppedReason: null,
    sandbox: true,
    createdAt: '2026-11-20T11:00:00.000Z',
    lastActivityAt: '2026-11-20T11:00:00.000Z',
  });

const all = [
  conversation(1, 'Give them a ring', 'running', ['Alice', 'Bob']),
  conversation(2, 'Weekly summary', 'idle', ['Scout', 'Alice']),
  conversation(3, 'Old one', 'stopped', ['Bob', 'Carol']),
];
const titles = (items: Conversation[]) => items.map(({ title }) => title);

test('what is open holds the idle ones too', () => {
  expect(titles(filterConversations(all, 'running', ''))).toEqual(['Give them a ring', 'Weekly summary']);
  expect(titles(filterConversations(all, 'stopped', ''))).toEqual(['Old one']);
  expect(filterConversations(all, 'all', '')).toHaveLength(3);
});

test('every word must occur, in the title or among the agents', () => {
  expect(titles(filterConversations(all, 'all', 'alice weekly'))).toEqual(['Weekly summary']);
  expect(titles(filterConversations(all, 'all', '  CAROL '))).toEqual(['Old one']);
  expect(filterConversations(all, 'all', 'carol weekly')).toEqual([]);
});

test('an agent keeps the hue of the latest conversation it sits in', () => {
  expect(agentHue('agent-Alice', all)).toBe('a');
  expect(agentHue('agent-Alice', all.toReversed())).toBe('b');
  expect(agentHue('agent-Nobody', all)).toBe('d');
});

test('a conversation without a title is named after its agents', () => {
  expect(titleOf(['Alice', 'Bob'])).toBe('Alice and Bob');
  expect(titleOf(['Scout', 'Analyst', 'Writer'])).toBe('Scout, Analyst and Writer');
  expect(titleOf(['x'.repeat(300), 'y']).length).toBe(200);
});
