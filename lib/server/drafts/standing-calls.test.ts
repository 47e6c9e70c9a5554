import { createHash, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { MakeRule } from '@/lib/protocol/draft';
import { type AgentId, SeatId } from '@/lib/protocol/ids';
import { first, inReview, reviewDesk } from '@/lib/testing/review-desk';
import { askTool, sandboxServer, sandboxTalk, tellTool } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { changeConversation } from '../conversations/change-conversation';
import { setEdge } from '../conversations/set-edge';
import { makeRule, revokeRule } from './standing-rules';

let t: TestRuntime;
const a = SeatId.parse('a');
const talks = sandboxTalk(() => t);
const { agent, gateway, heard, listed, listener, only, open, rest, say, sayElsewhere } = talks;
const desk = reviewDesk(() => t);
const { decide, parked, parkedOf, now, reads, becomes, delivered } = desk;
const within = { timeout: 15_000, interval: 30 };

beforeAll(async () => {
  t = await createTestRuntime();
  await desk.seatPeople();
});
afterAll(() => t.close());
afterEach(() => talks.stopAll());

const remember = 'core_memory_append';
const noted = (content: string) => ({ tool: remember, arguments: { label: 'notes', content } });
/** An agent whose memory tool somebody has gated in Letta. */
const guarded = async (name: string): Promise<AgentId> => {
  const blocks = [{ label: 'notes', value: '' }];
  const agentId = await agent(name, { tools: [tellTool, askTool, remember], blocks });
  await gateway().setApproval(agentId, remember, true);
  return agentId;
};
const openThread = async (agentId: AgentId): Promise<string> => {
  const { url } = first(t.rt.letta.list().filter(({ name }) => name === sandboxServer));
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(`${url}/v1/conversations/?agent_id=${agentId}`, { method: 'POST', headers, body: '{}' });
  return z.object({ id: z.string() }).parse(await answer.json()).id;
};
const notes = async (agentId: AgentId) =>
  (await gateway().findAgent(agentId))?.blocks.find((block) => block.label === 'notes')?.value;
const talkOf = async (conveyance: 'engine' | 'relay', bobSays = 'I heard you') => {
  const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: bobSays }])];
  const talk = await open([alice, bob], { conveyance, edges: [inReview()] });
  return { alice, bob, talk };
};
const call = (tool: string, bob: AgentId, message = 'Hello Bob') => ({
  call: { tool, arguments: { message, other_agent_id: bob } },
});

describe('where Letta delivers', () => {
  test('[DR21] an edge in review gates the messaging tools of its author; approve has Letta deliver', async () => {
    const { alice, bob, talk } = await talkOf('engine');
    expect((await gateway().findAgent(alice))?.approvalTools).toContain(tellTool);
    expect((await gateway().findAgent(bob))?.approvalTools).toEqual([]);
    await say(talk, a, [call(askTool, bob), { say: 'ok' }]);
    const draft = first(await parked(talk));
    expect(draft).toMatchObject({
      kind: 'message',
      content: 'Hello Bob',
      heldBy: 'edge',
      to: { seat: 'b', name: 'Bob' },
    });
    expect((await listed(bob)).filter(({ content }) => content?.includes('Hello Bob'))).toEqual([]);
    await decide(draft, 'approve');
    await delivered(draft);
    await rest(talk);
    expect((await listed(bob)).filter(({ content }) => content?.includes('Hello Bob'))).toHaveLength(1);
    expect(await reads(alice)).toEqual([`{'agent_id': '${bob}', 'response': ['I heard you']}`]);
    await setEdge(t.rt, t.ana, talk.id, inReview({ mode: 'pass' }));
    await expect.poll(async () => (await gateway().findAgent(alice))?.approvalTools, within).toEqual([]);
  });

  test('[DR21] an edited message is delivered by Parley, and its author reads that', async () => {
    const { alice, bob, talk } = await talkOf('engine');
    await say(talk, a, [call(askTool, bob, 'Hello fool'), { say: 'ok' }]);
    const draft = first(await parked(talk));
    await decide(draft, 'edit', { content: 'Hello dear' });
    await delivered(draft);
    await rest(talk);
    expect(await heard(bob, 'Hello dear')).toHaveLength(1);
    expect((await listed(bob)).filter(({ content }) => content?.includes('fool'))).toEqual([]);
    const [text] = await reads(alice);
    expect(text).toContain('I heard you');
    expect(text).toContain('edited your message');
    expect(await only(talk, 'message.received')).toMatchObject([{ content: 'Hello dear' }]);
  });

  test.each([
    ['respond', { content: 'Ask me.' }, 'answers instead: Ask me.'],
    ['reject', { reason: 'No.' }, 'rejected your message to Bob; it was not delivered. Reason: No.'],
    ['ignore', {}, 'was not delivered to Bob'],
  ] as const)('[DR21] %s: the author reads it, and Letta delivers nothing', async (verdict, more, words) => {
    const { alice, bob, talk } = await talkOf('engine');
    await say(talk, a, [call(tellTool, bob), { say: 'ok' }]);
    const draft = first(await parked(talk));
    await decide(draft, verdict, more);
    await delivered(draft);
    await rest(talk);
    expect(await reads(alice)).toEqual([expect.stringContaining(words)]);
    expect((await listed(bob)).filter(({ content }) => content?.includes('Hello Bob'))).toEqual([]);
  });

  test('[DR21] a message across an edge that passes goes on, though the tools of its author are gated', async () => {
    const [alice, bob, carol] = [await agent('Alice'), await agent('Bob'), await listener('Carol', [{ say: 'c' }])];
    const talk = await open([alice, bob, carol], { conveyance: 'engine', edges: [inReview()] });
    await say(talk, a, [call(askTool, carol, 'Hello Carol'), { say: 'ok' }]);
    await expect.poll(() => reads(alice), within).toEqual([expect.stringContaining('c')]);
    expect(await desk.drafts({ conversationId: talk.id })).toEqual([]);
  });

  test('[DR16] a stop withdraws what waits, and its author reads that', async () => {
    const { alice, bob, talk } = await talkOf('engine');
    await say(talk, a, [call(tellTool, bob), { say: 'ok' }]);
    const draft = first(await parked(talk));
    await changeConversation(t.rt, t.ana, talk.id, { state: 'stopped' });
    expect((await now(draft)).status).toBe('withdrawn');
    await expect.poll(() => reads(alice), within).toEqual([expect.stringContaining('Error')]);
  });
});

describe('where Parley relays', () => {
  test('[DR22] what an agent says waits; edited it goes on, rejected its author is told', async () => {
    const { alice, bob, talk } = await talkOf('relay', ' ');
    await say(talk, a, [{ say: 'Hello fool' }]);
    const draft = first(await parked(talk));
    expect(draft).toMatchObject({ kind: 'message', content: 'Hello fool', heldBy: 'edge' });
    await decide(draft, 'edit', { content: 'Hello dear' });
    await delivered(draft);
    expect(await heard(bob, 'Hello dear')).toHaveLength(1);
    await rest(talk);
    await say(talk, a, [{ say: 'and again' }]);
    const second = first(await parked(talk));
    await decide(second, 'reject', { reason: 'Enough.' });
    await delivered(second);
    const told = async () =>
      (await listed(alice)).filter(
        ({ messageType, content }) => messageType === 'user_message' && content?.includes('Reason: Enough.'),
      );
    await expect.poll(async () => (await told()).length, within).toBe(1);
    expect(await heard(bob, 'and again')).toEqual([]);
  });
});

describe('calls that somebody has gated', () => {
  test('[DR23] a gated call of an agent in a seat parks with its arguments, and runs when it is approved', async () => {
    const [alice, bob] = [await guarded('Alice'), await agent('Bob')];
    const talk = await open([alice, bob]);
    await say(talk, a, [{ call: noted('tea at four') }, { say: 'done' }]);
    const draft = first(await parked(talk));
    const content = '{"content":"tea at four","label":"notes"}';
    expect(draft).toMatchObject({
      kind: 'tool_call',
      heldBy: 'approval',
      to: { name: remember },
      content,
      contentHash: createHash('sha256').update(content).digest('hex'),
      allowed: ['approve', 'respond', 'reject', 'ignore'],
      expiresAt: null,
    });
    expect(draft.notAllowed).toHaveProperty('edit');
    await expect(decide(draft, 'edit', { content: '{}' })).rejects.toMatchObject({ code: 'draft.not_allowed' });
    await decide(draft, 'approve');
    await delivered(draft);
    expect(await notes(alice)).toContain('tea at four');
    await rest(talk);
    expect((await listed(alice)).at(-1)).toMatchObject({ content: 'done' });
  });

  test('[DR24] parallel calls are decided alone, and answered together', async () => {
    const [alice, bob] = [await guarded('Alice'), await listener('Bob', [{ say: 'b' }])];
    const { url } = t.rt.letta.require(sandboxServer).status;
    const body = JSON.stringify({ model_settings: { provider_type: 'openai', parallel_tool_calls: true } });
    const headers = { 'Content-Type': 'application/json' };
    expect((await fetch(`${url}/v1/agents/${alice}`, { method: 'PATCH', headers, body })).status).toBe(200);
    const talk = await open([alice, bob], { edges: [inReview()] });
    await say(talk, a, [{ calls: [noted('one'), call(tellTool, bob).call, noted('two')] }, { say: 'done' }]);
    const pending = await parked(talk, 3);
    const of = (text: string) => first(pending.filter(({ content }) => content.includes(text)));
    await decide(of('one'), 'approve');
    await decide(of('Hello Bob'), 'approve');
    await expect.poll(async () => (await heard(bob, 'Hello Bob')).length, within).toBe(1);
    expect(await reads(alice)).toEqual([]);
    await decide(of('two'), 'reject', { reason: 'once is enough' });
    await expect.poll(async () => (await reads(alice)).length, within).toBe(3);
    expect(await notes(alice)).toContain('one');
    expect(await notes(alice)).not.toContain('two');
    expect((await reads(alice)).join('\n')).toContain('once is enough');
  });

  test('[DR25] approvals that nobody knew of are found and offered; their verdicts reach agents outside any conversation', async () => {
    const alice = await guarded('Alice');
    await sayElsewhere(alice, [{ call: noted('found') }, { say: 'done' }]);
    const draft = first(await parkedOf(alice));
    expect(draft).toMatchObject({ kind: 'tool_call', conversationId: null, from: { agentId: alice } });
    await decide(draft, 'approve');
    await delivered(draft);
    await expect.poll(() => notes(alice), within).toContain('found');
    await expect.poll(async () => (await listed(alice)).at(-1)?.content, within).toBe('done');
    await sayElsewhere(alice, [{ call: noted('refused') }, { say: 'a pity' }]);
    const second = first(await parkedOf(alice));
    await decide(second, 'reject', { reason: 'not that' });
    await expect.poll(async () => (await reads(alice)).at(-1), within).toContain('not that');
    expect(await notes(alice)).not.toContain('refused');
  });

  test('[DR25] also in a thread of its own, made before Parley connected; and they are answered there', {
    timeout: 60_000,
  }, async () => {
    const alice = await guarded('Alice');
    const thread = { agentId: alice, threadId: await openThread(alice) };
    const speakThere = async (steps: object[]) => {
      const input = { kind: 'user' as const, text: JSON.stringify({ script: steps }), otid: randomUUID() };
      for await (const event of gateway().send(thread, input)) expect(event.kind).toBeTruthy();
    };
    await speakThere([{ call: noted('found aside') }, { say: 'done aside' }]);
    await t.restart();
    const draft = first(await parkedOf(alice));
    expect(draft).toMatchObject({ kind: 'tool_call', conversationId: null, from: { agentId: alice } });
    await decide(draft, 'approve');
    await delivered(draft);
    await expect.poll(() => notes(alice), within).toContain('found aside');
    await speakThere([{ call: noted('gone aside') }, { say: 'done' }]);
    const second = first(await parkedOf(alice));
    const toolCallId = second.toolCall?.toolCallId ?? '';
    const answers = [{ kind: 'deny' as const, toolCallId, reason: 'somebody else said no' }];
    for await (const event of gateway().send(thread, { kind: 'answers', answers })) expect(event.kind).toBeTruthy();
    await becomes(second, 'withdrawn');
    expect(await notes(alice)).not.toContain('gone aside');
  });

  test('[DR26] a draft whose approval is gone is withdrawn with the reason', async () => {
    const alice = await guarded('Alice');
    await sayElsewhere(alice, [{ call: noted('gone') }, { say: 'done' }]);
    const draft = first(await parkedOf(alice));
    const pending = await gateway().findPendingApproval({ agentId: alice, threadId: null });
    await gateway().interrupt({ agentId: alice, threadId: null }, pending?.runId ?? undefined);
    await becomes(draft, 'withdrawn');
    expect((await now(draft)).withdrawnReason).toContain('answered elsewhere, or cancelled');
    await expect(decide(draft, 'approve')).rejects.toMatchObject({ code: 'draft.already_decided' });
  });

  test('[DR26] also where somebody cancels its run in a thread in which Letta denies nothing with that', {
    timeout: 60_000,
  }, async () => {
    const alice = await guarded('Alice');
    const thread = { agentId: alice, threadId: await openThread(alice) };
    const speakThere = async (steps: object[]) => {
      const input = { kind: 'user' as const, text: JSON.stringify({ script: steps }), otid: randomUUID() };
      for await (const event of gateway().send(thread, input)) expect(event.kind).toBeTruthy();
    };
    await speakThere([{ call: noted('cancelled aside') }, { say: 'done' }]);
    const draft = first(await parkedOf(alice));
    const runId = (await gateway().findPendingApproval(thread))?.runId ?? '';
    const { url } = first(t.rt.letta.list().filter(({ name }) => name === sandboxServer));
    const headers = { 'Content-Type': 'application/json' };
    const body = JSON.stringify({ run_ids: [runId] });
    await fetch(`${url}/v1/agents/${alice}/messages/cancel`, { method: 'POST', headers, body });
    expect(await gateway().findPendingApproval(thread)).not.toBeNull();
    await becomes(draft, 'withdrawn');
    expect(await gateway().findPendingApproval(thread)).toBeNull();
    await speakThere([{ say: 'free again' }]);
    expect((await gateway().listMessages(thread, { limit: 1 })).at(-1)?.content).toBe('free again');
    expect(await notes(alice)).not.toContain('cancelled aside');
  });

  test('[DR26] also one of a message that waits between two seats', async () => {
    const [alice, bob] = [await agent('Alice'), await agent('Bob')];
    const talk = await open([alice, bob], { edges: [inReview()] });
    await say(talk, a, [call(tellTool, bob), { say: 'ok' }]);
    const draft = first(await parked(talk));
    await rest(talk);
    const pending = await gateway().findPendingApproval({ agentId: alice, threadId: null });
    await gateway().interrupt({ agentId: alice, threadId: null }, pending?.runId ?? undefined);
    await becomes(draft, 'withdrawn');
    expect(await heard(bob, 'Hello Bob')).toEqual([]);
  });
});

describe('standing rules', () => {
  const rule = (more: object) => makeRule(t.rt, t.ana, MakeRule.parse(more));

  test('[SR1] what is like a rule passes, also where it leaves the conversation; each use is counted', async () => {
    const [alice, bob, carol] = [await agent('Alice'), await agent('Bob'), await listener('Carol', [{ say: 'c' }])];
    const talk = await open([alice, bob], { edges: [inReview()] });
    const made = await rule({ effect: 'pass', fromAgentId: alice, text: 'weather' });
    await say(talk, a, [call(tellTool, carol, 'The Weather is fine'), { say: 'ok' }]);
    await expect.poll(async () => (await heard(carol, 'Weather')).length, within).toBe(1);
    const { rows } = await t.database.pool.query('SELECT uses FROM standing_rule WHERE id = $1', [made.id]);
    expect(rows).toEqual([{ uses: 1 }]);
    await rest(talk);
    await say(talk, a, [call(tellTool, bob, 'Something else'), { say: 'ok' }]);
    await parked(talk);
  });

  test('[SR2] what is like a rule that asks parks across an edge that passes, and says which rule', async () => {
    const [alice, bob] = [await agent('Alice'), await agent('Bob')];
    const talk = await open([alice, bob]);
    const made = await rule({ effect: 'ask', fromAgentId: alice, text: 'pay*euro' });
    await say(talk, a, [call(tellTool, bob, 'Please pay 100 Euro'), { say: 'ok' }]);
    expect(first(await parked(talk))).toMatchObject({ heldBy: 'rule', ruleId: made.id });
  });

  test('[SR4] a rule that was revoked, or has expired, holds for nothing', async () => {
    const [alice, bob] = [await agent('Alice'), await agent('Bob')];
    const talk = await open([alice, bob], { edges: [inReview()] });
    const made = await rule({ effect: 'pass', fromAgentId: alice });
    const { revokedAt } = await revokeRule(t.rt, t.ana, made.id);
    expect(revokedAt).not.toBeNull();
    const short = await rule({ effect: 'pass', toAgentId: bob, expiresInSeconds: 1 });
    await t.database.pool.query(`UPDATE standing_rule SET expires_at = now() - interval '1 s' WHERE id = $1`, [
      short.id,
    ]);
    await say(talk, a, [call(tellTool, bob), { say: 'ok' }]);
    await parked(talk);
  });

  test('[SR6] tools that stop only for a rule that asks are set back when its time is over', async () => {
    const [alice, bob] = [await agent('Alice'), await agent('Bob')];
    await open([alice, bob], { conveyance: 'engine' });
    const gates = async () => (await gateway().findAgent(alice))?.approvalTools;
    await rule({ effect: 'ask', fromAgentId: alice, text: 'danger', expiresInSeconds: 2 });
    expect(await gates()).toContain(tellTool);
    await expect.poll(gates, within).toEqual([]);
  });

  test('[SR1] a gated call like a rule runs without a person, in a conversation and outside one', async () => {
    const [alice, bob] = [await guarded('Alice'), await agent('Bob')];
    await rule({ effect: 'pass', fromAgentId: alice, tool: remember });
    await sayElsewhere(alice, [{ call: noted('outside') }, { say: 'done' }]);
    await expect.poll(() => notes(alice), within).toContain('outside');
    await expect.poll(async () => (await listed(alice)).at(-1)?.content, within).toBe('done');
    const talk = await open([alice, bob]);
    await say(talk, a, [{ call: noted('inside') }, { say: 'done' }]);
    await expect.poll(() => notes(alice), within).toContain('inside');
    const [draft] = await desk.drafts({ conversationId: talk.id });
    expect(draft).toMatchObject({ status: 'approved', heldBy: 'rule', verdictsGiven: [{ name: 'Parley' }] });
  });
});
