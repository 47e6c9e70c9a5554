import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { Conversation } from '@/lib/protocol/conversation';
import { ConversationId } from '@/lib/protocol/ids';
import { fleetStream } from '@/lib/protocol/stream';
import { conversationsQuery } from './conversation-queries';
import { takeSummaries, withSummaries } from './conversation-summaries';

const idOf = (n: number) => ConversationId.parse(`0199a000-0000-7000-8000-00000000000${n}`);

const conversation = (n: number, minute: number, title = `Number ${n}`): Conversation =>
  Conversation.parse({
    id: idOf(n),
    title,
    server: 'home',
    seats: [],
    conveyance: 'tool',
    observed: false,
    maxTurns: 50,
    turns: 0,
    edges: [],
    state: 'idle',
    stoppedReason: null,
    sandbox: false,
    createdAt: '2026-11-21T11:00:00.000Z',
    lastActivityAt: `2026-11-21T11:${String(minute).padStart(2, '0')}:00.000Z`,
  });
const told = (conversations: Conversation[], gone: ConversationId[] = []) => ({
  stream: fleetStream,
  conversations,
  gone,
});

test('[LV46] a changed conversation moves, a new one comes in, one that left is gone', () => {
  const list = { items: [conversation(3, 30), conversation(2, 20), conversation(1, 10)], more: true };
  const next = withSummaries(list, told([conversation(1, 40, 'Renamed'), conversation(4, 35)], [idOf(2)]));
  expect(next.items.map(({ title }) => title)).toEqual(['Renamed', 'Number 4', 'Number 3']);
  expect(next.more).toBe(true);
  expect(list.items).toHaveLength(3);
});

test('[LV46] a page that holds no list is not given one', () => {
  const queryClient = new QueryClient();
  takeSummaries(queryClient, told([conversation(1, 10)]));
  expect(queryClient.getQueryData(conversationsQuery.queryKey)).toBeUndefined();
  queryClient.setQueryData(conversationsQuery.queryKey, { items: [], more: false });
  takeSummaries(queryClient, told([conversation(1, 10)]));
  expect(queryClient.getQueryData(conversationsQuery.queryKey)?.items).toHaveLength(1);
});
