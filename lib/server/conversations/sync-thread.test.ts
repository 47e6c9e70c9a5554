import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AgentId, SeatId, ServerName } from '@/lib/protocol/ids';
import { sandboxTalk, tellTool } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { type BreakableProxy, openBreakableProxy } from '../letta/breakable-proxy';
import type { TurnInput } from '../letta/gateway';
import { createRestGateway } from '../letta/rest';
import { type RunningSandbox, startSandbox } from '../letta/sandbox/start-sandbox';
import { syncThread } from './sync-thread';

let t: TestRuntime;
let sandbox: RunningSandbox;
let way: BreakableProxy;

const server = ServerName.parse('far');
const seat = SeatId.parse('a');
const { agent, only, open } = sandboxTalk(() => t);
const straight = () => createRestGateway({ baseUrl: sandbox.url, log: t.rt.log });
const script = (...steps: object[]): TurnInput => ({
  kind: 'user',
  text: JSON.stringify({ script: steps }),
  otid: randomUUID(),
});

beforeAll(async () => {
  t = await createTestRuntime();
  const { pool } = t.database;
  const { log } = t.rt;
  sandbox = await startSandbox({ pool, workspaceId: randomUUID(), host: '127.0.0.1', log, paceMs: 'instant' });
  way = await openBreakableProxy(sandbox.url);
  await t.rt.letta.add(t.ana.actor, { name: server, dialect: 'rest', url: way.url });
}, 60_000);
afterAll(async () => {
  await t.close();
  await way.stop();
  await sandbox.stop();
}, 60_000);

async function tell(agentId: AgentId, input: TurnInput): Promise<void> {
  for await (const event of straight().send({ agentId, threadId: null }, input)) expect(event.kind).toBeTruthy();
}

test('[LF10] a page of which something was taken out is not taken for the last', async () => {
  const alice = await agent('Alice', { server });
  const bob = await agent('Bob', { server });
  const one = await open([alice, bob]);
  await expect.poll(async () => (await only(one, 'message.seen')).length, { timeout: 20_000 }).toBe(2); // their prompts
  way.refuse(); // nobody else reads what follows
  const call = { tool: tellTool, arguments: { message: 'hi', other_agent_id: bob } };
  await tell(alice, script({ call }, { say: 'told' }));
  const pending = await straight().findPendingApproval({ agentId: alice, threadId: null });
  const toolCallId = pending?.message.toolCall?.toolCallId ?? '';
  const answers = [{ kind: 'result' as const, toolCallId, status: 'success' as const, text: 'Sent.' }];
  // The second is one too many: the server makes up words, which are no part of a transcript.
  for (const _ of ['first', 'second']) await tell(alice, { kind: 'answers', answers });
  for (let at = 0; at < 60; at += 1) await tell(alice, script({ say: `${at}` }));

  const ref = { workspaceId: t.rt.workspaceId, conversationId: one.id, seat };
  const thread = { server, agentId: alice, threadId: null };
  await syncThread(t.rt, straight(), { ...ref, agent: { kind: 'agent', id: alice, name: 'Alice' } }, thread);
  const seen = (await only(one, 'message.seen')).filter((message) => message.seat === seat);
  const listed = await straight().listMessages({ agentId: alice, threadId: null }, { limit: 500 });
  expect(seen.map(({ messageId }) => messageId)).toEqual(listed.map(({ messageId }) => messageId));
}, 60_000);
