import { expect, test } from 'vitest';
import { Conversation } from '@/lib/protocol/conversation';
import type { Draft } from '@/lib/protocol/draft';
import { waitingIn } from './waiting-in';

const conversation = (n: number, state: Conversation['state']): Conversation =>
  Conversation.parse({
    id: `0199a000-0000-7000-8000-00000000000${n}`,
    title: `Number ${n}`,
    server: 'home',
    seats: [],
    conveyance: 'tool',
    observed: false,
    maxTurns: 50,
    turns: 0,
    edges: [],
    state,
    stoppedReason: null,
    sandbox: false,
    createdAt: '2026-11-21T11:00:00.000Z',
    lastActivityAt: '2026-11-21T11:00:00.000Z',
  });

test('what is paused or stands at an unanswered call waits; what waits by a draft stands for itself', () => {
  const all = (['waiting', 'paused', 'running', 'idle', 'stopped', 'waiting'] as const).map((state, index) =>
    conversation(index, state),
  );
  const drafts: Pick<Draft, 'conversationId'>[] = [{ conversationId: all[0]?.id ?? null }];
  expect(waitingIn(all, drafts).map(({ title }) => title)).toEqual(['Number 1', 'Number 5']);
});
