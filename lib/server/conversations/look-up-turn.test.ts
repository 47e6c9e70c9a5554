import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TurnRecord, TurnState } from '@/lib/domain/conversation/conversation-state';
import { CreateAgent } from '@/lib/protocol/agent';
import { type AgentId, SeatId, ServerName, TurnId } from '@/lib/protocol/ids';
import { AddLettaServer } from '@/lib/protocol/letta-server';
import { callsOf } from '@/lib/protocol/message-calls';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { createAgent } from '../agents/create-agent';
import type { TurnInput } from '../letta/gateway';
import type { SandboxScript } from '../letta/sandbox/scripted';
import { lookUpTurn } from './look-up-turn';

let t: TestRuntime;
const server = ServerName.parse('sandbox');
const tool = 'send_message_to_agent_async';

beforeAll(async () => {
  t = await createTestRuntime();
});
afterAll(() => t.close());

const gateway = () => t.rt.letta.require(server).gateway;
const agent = async (): Promise<AgentId> => {
  const wanted = CreateAgent.parse({ name: 'Bob', server, model: 'sandbox/scripted', tools: [tool] });
  const { id } = await createAgent(t.rt, t.ana, wanted);
  await gateway().setApproval(id, tool, true);
  return id;
};
const userInput = (...script: SandboxScript['script']) => ({
  kind: 'user' as const,
  text: JSON.stringify({ script }),
  otid: randomUUID(),
  senderName: 'Ana',
});

/** Sends as somebody else would, or as a Parley that stopped before it heard anything. */
async function send(agentId: AgentId, input: TurnInput): Promise<void> {
  for await (const event of gateway().send({ agentId, threadId: null }, input)) expect(event.kind).not.toBe('nothing');
}

/** A turn that went out just now, as far as the ledger knows, and of which nothing was heard. */
function lookUp(agentId: AgentId, input: TurnRecord, startedAt = new Date(), on = server) {
  const id = TurnId.parse(randomUUID());
  const thread = { server: on, agentId, threadId: null };
  const turn: TurnState = {
    ...{ id, rootId: id, seat: SeatId.parse('b'), thread, state: 'started', input },
    runId: null,
    isAccepted: false,
  };
  return lookUpTurn(t.rt, turn, startedAt, new AbortController().signal);
}

/** Makes an agent call, and gives what would answer it. */
async function standing(agentId: AgentId) {
  await send(
    agentId,
    userInput({ call: { tool, arguments: { message: 'x', other_agent_id: agentId } } }, { say: 'ok' }),
  );
  const pending = await gateway().findPendingApproval({ agentId, threadId: null });
  if (!pending) throw new Error('the agent does not stand at its call');
  const results = callsOf(pending.message).map(({ toolCallId }) => {
    return { toolCallId, status: 'success' as const, text: 'Successfully sent message' };
  });
  return { kind: 'answers' as const, messageId: pending.messageId, results };
}

describe('the run of a turn is its own, not the one before it', () => {
  test('[CV25] answers that did not arrive are not taken for the call that they answer', async () => {
    const bob = await agent();
    expect(await lookUp(bob, await standing(bob))).toMatchObject({ isNotSent: true, pending: null });
  }, 15_000);

  test('[CV25] answers that did not arrive go out again also where a run is listed that a killed server has left', async () => {
    const bob = await agent();
    const answers = await standing(bob);
    await t.database.pool.query(
      `INSERT INTO sandbox.run (workspace_id, id, agent_id, background, status, run_type, created_at)
       VALUES ($1, 'run-' || $2, $3, false, 'running', 'send_message', now())`,
      [t.rt.workspaceId, randomUUID(), bob],
    );
    expect(await lookUp(bob, answers)).toMatchObject({ isNotSent: true, stopReason: 'not_sent' });
  }, 15_000);

  test('[CV18] answers that did arrive ended with the run that they began', async () => {
    const bob = await agent();
    const answers = await standing(bob);
    const startedAt = new Date();
    await send(bob, { kind: 'answers', answers: answers.results.map((result) => ({ kind: 'result', ...result })) });
    const found = await lookUp(bob, answers, startedAt);
    expect(found).toMatchObject({ isNotSent: false, isUnknown: false, stopReason: 'end_turn', pending: null });
    const [last] = (await gateway().listMessages({ agentId: bob, threadId: null }, { limit: 1 })).slice(-1);
    expect(last).toMatchObject({ content: 'ok', runId: found?.runId });
  });

  test('[CV23] a message that did not arrive is not taken for the one before it', async () => {
    const bob = await agent();
    await send(bob, userInput({ say: 'the one before' }));
    expect(await lookUp(bob, userInput({ say: 'never heard' }))).toMatchObject({ isUnknown: true, runId: null });
  }, 15_000);

  test('[CV18] a message that did arrive ended with the run that it began', async () => {
    const bob = await agent();
    await send(bob, userInput({ say: 'the one before' }));
    const startedAt = new Date();
    const input = userInput({ say: 'this one' });
    await send(bob, input);
    const found = await lookUp(bob, input, startedAt);
    const [last] = (await gateway().listMessages({ agentId: bob, threadId: null }, { limit: 1 })).slice(-1);
    expect(last).toMatchObject({ content: 'this one', runId: found?.runId });
    expect(found).toMatchObject({ stopReason: 'end_turn', isUnknown: false });
  });
});

test('[CV18] a turn that works on while Parley connects is waited for: Letta need not have been away', async () => {
  const bob = await agent();
  const startedAt = new Date();
  const input = userInput({ stallMs: 7_000, say: 'I took my time' });
  const sending = send(bob, input);
  const elsewhere = ServerName.parse('elsewhere');
  const { url } = t.rt.letta.require(server).status;
  await t.rt.letta.add(t.ana.actor, AddLettaServer.parse({ name: elsewhere, dialect: 'rest', url }));
  expect(await lookUp(bob, input, startedAt, elsewhere)).toMatchObject({ stopReason: 'end_turn', isUnknown: false });
  await sending;
}, 20_000);
