import { afterAll, beforeAll, expect, test } from 'vitest';
import { CreateAgent } from '@/lib/protocol/agent';
import { OpenConversation } from '@/lib/protocol/conversation';
import { SeatId, ServerName } from '@/lib/protocol/ids';
import type { AgentMessage } from '@/lib/protocol/message';
import { conversationStream } from '@/lib/protocol/stream';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { createAgent } from '../agents/create-agent';
import { readStream } from '../ledger/read-entries';
import { openConversation } from './open-conversation';
import { recordMessages } from './record-messages';

const MESSAGES = 60;

let t: TestRuntime;
beforeAll(async () => {
  t = await createTestRuntime();
});
afterAll(() => t.close());

const message = (n: number): AgentMessage => ({
  ...{ messageId: `message-${n}`, messageType: 'assistant_message', date: new Date().toISOString() },
  ...{ content: `words ${n}`, runId: null, stepId: null, otid: null, senderId: null, senderName: null },
});

test('[CV11] a message that several readers of a thread find at once is recorded once', async () => {
  const make = (name: string) =>
    createAgent(t.rt, t.ana, CreateAgent.parse({ name, server: ServerName.parse('sandbox'), tools: [] }));
  const [alice, bob] = [await make('Alice'), await make('Bob')];
  const wanted = OpenConversation.parse({ title: 'Read', seats: [{ agentId: alice.id }, { agentId: bob.id }] });
  const { id: conversationId } = await openConversation(t.rt, t.ana, wanted);
  const agent = { kind: 'agent' as const, id: bob.id, name: 'Bob' };
  const seat = { workspaceId: t.rt.workspaceId, conversationId, seat: SeatId.parse('b'), agent };
  // Each reader is a little ahead of the others or behind, as the turn, the listing and another instance are.
  const reader = async (from: number) => {
    for (let n = from; n < from + MESSAGES; n += 1) await recordMessages(t.rt.ledger, seat, [message(n % MESSAGES)]);
  };
  await Promise.all([0, 0, 0, 1, 1, 2].map(reader));
  const entries = await readStream(t.database.pool, t.rt.workspaceId, conversationStream(conversationId), {
    after: 0,
    limit: 1_000,
  });
  const seen = entries.flatMap(({ type, payload }) =>
    type === 'message.seen' ? [String(payload?.['messageId'])] : [],
  );
  const own = seen.filter((id) => /^message-\d+$/.test(id)); // the agent's own prompt is seen, too
  expect(own.toSorted()).toEqual(Array.from({ length: MESSAGES }, (_, n) => `message-${n}`).toSorted());
});
