import { createHash, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Draft } from '@/lib/protocol/draft';
import { AppError } from '@/lib/protocol/errors';
import { type AgentId, SeatId } from '@/lib/protocol/ids';
import { first, inReview, reviewDesk } from '@/lib/testing/review-desk';
import { askTool, sandboxTalk, tagsTool, tellTool } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import type { Caller } from '../access/caller';
import { changeConversation } from '../conversations/change-conversation';
import { setEdge } from '../conversations/set-edge';
import type { Ledger } from '../ledger/ledger';
import type { Runtime } from '../runtime';
import { giveVerdicts } from './give-verdicts';

let t: TestRuntime;
let ben: Caller;
const [a, b] = [SeatId.parse('a'), SeatId.parse('b')];
const talks = sandboxTalk(() => t);
const { agent, listener, open, say, only, rest, heard, listed } = talks;
const desk = reviewDesk(() => t);
const { decide, undo, now, reads, inbox, delivered } = desk;

beforeAll(async () => {
  t = await createTestRuntime();
  ben = desk.ben();
  await desk.seatPeople();
});
afterAll(() => t.close());
afterEach(() => talks.stopAll());

type Talk = Awaited<ReturnType<typeof open>>;
/** Alice, whose messages to Bob wait for a person, and Bob, who answers. */
const gated = async (more: object = {}, bobSays = 'I heard you') => {
  const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: bobSays }])];
  const talk = await open([alice, bob], { edges: [inReview(more)] });
  return { alice, bob, talk };
};
const tell = (talk: Talk, bob: AgentId, message = 'Hello Bob', tool = tellTool) =>
  say(talk, a, [{ call: { tool, arguments: { message, other_agent_id: bob } } }, { say: 'going on' }]);

/** The program, whose ledger is away once it has taken so many commands. */
const awayAfter = (count: number): Runtime => {
  let taken = 0;
  const { ledger } = t.rt;
  const append: Ledger['append'] = (command) =>
    taken++ < count ? ledger.append(command) : Promise.reject(new AppError('ledger.unavailable', 'It is away.'));
  return { ...t.rt, ledger: { ...ledger, append } };
};

const parked = async (talk: Talk, count = 1): Promise<Draft[]> => {
  await desk.parked(talk, count);
  await rest(talk);
  return desk.parked(talk, count);
};

describe('edges', () => {
  test('[ED1] a message across an edge in review parks; nothing arrives, and its author waits', async () => {
    const { bob, talk, alice } = await gated();
    await tell(talk, bob);
    const draft = first(await parked(talk));
    expect(draft).toMatchObject({
      kind: 'message',
      from: { seat: 'a', agentId: alice, name: 'Alice' },
      to: { seat: 'b', agentId: bob, name: 'Bob' },
      content: 'Hello Bob',
      contentHash: createHash('sha256').update('Hello Bob').digest('hex'),
      heldBy: 'edge',
      allowed: ['approve', 'edit', 'respond', 'reject', 'ignore'],
      reviewers: 1,
      dispatch: null,
    });
    expect(Date.parse(draft.expiresAt ?? '') - Date.parse(draft.createdAt)).toBe(900_000);
    expect(await heard(bob, 'Hello Bob')).toEqual([]);
    expect(await reads(alice)).toEqual([]);
    expect(await talks.state(talk)).toBe('waiting');
    const { edges } = await talks.now(talk);
    expect(edges.find((edge) => edge.from === 'a')).toMatchObject({ mode: 'review', undoSeconds: 0 });
    expect(await only(talk, 'draft.parked')).toMatchObject([{ draftId: draft.id, seat: 'a' }]);
  });

  test('[ED2] an edge that is set holds for the next message; what waits stays, the other way is not concerned', async () => {
    const { alice, bob, talk } = await gated();
    await tell(talk, bob, 'first');
    const draft = first(await parked(talk));
    await setEdge(t.rt, t.ana, talk.id, inReview({ mode: 'pass' }));
    expect((await now(draft)).status).toBe('pending');
    await decide(draft, 'approve');
    await rest(talk);
    await tell(talk, bob, 'second');
    await expect.poll(async () => (await heard(bob, 'second')).length, { timeout: 10_000 }).toBe(1);
    expect(await desk.drafts({ conversationId: talk.id })).toHaveLength(1);
    expect((await only(talk, 'edge.set')).map(({ mode }) => mode)).toEqual(['pass']);
    await rest(talk);
    await say(talk, b, [
      { call: { tool: tellTool, arguments: { message: 'back', other_agent_id: alice } } },
      { say: 'x' },
    ]);
    await expect.poll(async () => (await heard(alice, 'back')).length, { timeout: 10_000 }).toBe(1);
  });

  test('[ED3] on hold nothing expires', async () => {
    const { bob, talk } = await gated({ mode: 'hold', expirySeconds: 1 });
    await tell(talk, bob);
    expect(first(await parked(talk))).toMatchObject({ expiresAt: null });
    expect((await talks.now(talk)).edges.find((edge) => edge.from === 'a')?.expirySeconds).toBeNull();
  });

  test('[ED4] a message to an agent outside the conversation parks, marked as leaving it', async () => {
    const [alice, bob, carol] = [await agent('Alice'), await agent('Bob'), await listener('Carol', [{ say: 'hm' }])];
    const talk = await open([alice, bob]);
    await tell(talk, carol, 'psst');
    const draft = first(await parked(talk));
    expect(draft).toMatchObject({ heldBy: 'leaving', to: { agentId: carol, name: 'Carol' } });
    expect(draft.to.seat).toBeUndefined();
    expect(await heard(carol, 'psst')).toEqual([]);
    await decide(draft, 'approve');
    await delivered(draft);
    await expect.poll(async () => (await heard(carol, 'psst')).length, { timeout: 10_000 }).toBe(1);
  });

  test('[ED5] edges lead from a seat to another one, in a conversation that runs', async () => {
    const { talk } = await gated();
    await expect(setEdge(t.rt, t.ana, talk.id, inReview({ to: 'z' }))).rejects.toMatchObject({
      code: 'request.invalid',
    });
    await expect(setEdge(t.rt, t.ana, talk.id, inReview({ to: 'a' }))).rejects.toMatchObject({
      code: 'request.invalid',
    });
    await changeConversation(t.rt, t.ana, talk.id, { state: 'stopped' });
    await expect(setEdge(t.rt, t.ana, talk.id, inReview())).rejects.toMatchObject({ code: 'conversation.state' });
  });
});

describe('verdicts', () => {
  test('[DR1] approve lets through exactly what was shown; the author reads what it would have read without review', async () => {
    const { alice, bob, talk } = await gated();
    await tell(talk, bob);
    const draft = first(await parked(talk));
    const approved = await decide(draft, 'approve');
    expect(approved).toMatchObject({ status: 'approved', verdictsGiven: [{ personId: 'ana', verdict: 'approve' }] });
    await rest(talk);
    expect(await heard(bob, 'Hello Bob')).toHaveLength(1);
    expect(await reads(alice)).toEqual(['Successfully sent message']);
    expect(await now(draft)).toMatchObject({ status: 'approved', dispatch: { state: 'delivered' } });
    expect(await only(talk, 'message.received')).toMatchObject([{ content: 'Hello Bob' }]);
    expect(await only(talk, 'draft.settled')).toMatchObject([
      { draftId: draft.id, status: 'approved', personId: 'ana' },
    ]);
    expect((await inbox('draft.approved', draft))[0]?.contentHash).toBe(draft.contentHash);
    expect(await inbox('draft.dispatched', draft)).toMatchObject([{ way: 'deliver' }]);
    expect(await inbox('draft.delivered', draft)).toHaveLength(1);
    expect((await talks.now(talk)).turns).toBe(1);
  });

  test('[DR1] a call that waits for the reply gets it', async () => {
    const { alice, bob, talk } = await gated();
    await tell(talk, bob, 'How are you?', askTool);
    await decide(first(await parked(talk)), 'approve');
    await rest(talk);
    expect(await reads(alice)).toEqual([`{'agent_id': '${bob}', 'response': ['I heard you']}`]);
  });

  test.each([
    [tellTool, 'Successfully sent message'],
    [askTool, 'I heard you'],
  ])(
    '[DR2] edit lets the edited text through, and the author of a %s call reads that and by whom',
    async (tool, answer) => {
      const { alice, bob, talk } = await gated();
      await tell(talk, bob, 'Hello Bob, you fool', tool);
      const draft = first(await parked(talk));
      await decide(draft, 'edit', { content: 'Hello dear Bob' });
      await rest(talk);
      expect(await heard(bob, 'Hello dear Bob')).toHaveLength(1);
      expect(await heard(bob, 'fool')).toHaveLength(0);
      const [text] = await reads(alice);
      expect(text).toContain(answer);
      expect(text).toContain('Ana, who reviews this conversation, edited your message');
      expect(text).toContain('Hello dear Bob');
      expect(await only(talk, 'message.received')).toMatchObject([{ content: 'Hello dear Bob' }]);
      expect(await now(draft)).toMatchObject({ status: 'edited', content: 'Hello Bob, you fool' });
      expect(await inbox('draft.edited', draft)).toMatchObject([{ content: 'Hello dear Bob' }]);
    },
  );

  test('[DR3] a verdict on anything but what was shown is refused', async () => {
    const { bob, talk } = await gated();
    await tell(talk, bob);
    const draft = first(await parked(talk));
    const contentHash = createHash('sha256').update('something else').digest('hex');
    await expect(decide(draft, 'approve', { contentHash })).rejects.toMatchObject({ code: 'draft.changed' });
    expect((await now(draft)).status).toBe('pending');
  });

  test.each([
    ['respond', { content: 'Ask me instead.' }, 'Ana, who reviews this conversation, answers instead: Ask me instead.'],
    ['reject', { reason: 'Too rude.' }, 'rejected your message to Bob; it was not delivered. Reason: Too rude.'],
    ['ignore', {}, 'Your message was not delivered to Bob'],
  ] as const)(
    '[DR4] [DR5] [DR6] %s: nothing is delivered, and the author reads it and goes on',
    async (verdict, more, words) => {
      const { alice, bob, talk } = await gated();
      await tell(talk, bob);
      const draft = first(await parked(talk));
      await decide(draft, verdict, more);
      await rest(talk);
      expect(await heard(bob, 'Hello Bob')).toEqual([]);
      expect(await reads(alice)).toEqual([expect.stringContaining(words)]);
      expect((await listed(alice)).at(-1)).toMatchObject({ content: 'going on' });
      expect(await now(draft)).toMatchObject({ dispatch: { state: 'delivered' } });
      expect(await only(talk, 'message.delivery_failed')).toMatchObject([{ outcome: 'refused' }]);
    },
  );

  test('[DR7] of many verdicts at once exactly one counts; the others are told who was faster', async () => {
    const { bob, talk } = await gated();
    await tell(talk, bob);
    const draft = first(await parked(talk));
    const given = await Promise.allSettled([
      decide(draft, 'approve', {}, ben),
      decide(draft, 'reject'),
      decide(draft, 'approve'),
      decide(draft, 'edit', { content: 'x' }, ben),
    ]);
    const refused = given.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(refused).toHaveLength(3);
    const { verdictsGiven, status } = await now(draft);
    for (const error of refused) {
      expect(error).toMatchObject({
        code: 'draft.already_decided',
        message: `${verdictsGiven[0]?.name} was faster: the draft is ${status}.`,
      });
    }
    expect(await only(talk, 'draft.settled')).toHaveLength(1);
  });

  test('[DR9] where two people are asked for, two different ones approve, and one other verdict decides', async () => {
    const { bob, talk } = await gated({ reviewers: 2 });
    await tell(talk, bob);
    const draft = first(await parked(talk));
    expect(await decide(draft, 'approve')).toMatchObject({ status: 'pending', verdictsGiven: [{ name: 'Ana' }] });
    await expect(decide(draft, 'approve')).rejects.toMatchObject({ code: 'draft.same_person' });
    expect(await heard(bob, 'Hello Bob')).toEqual([]);
    await decide(draft, 'approve', {}, ben);
    await rest(talk);
    expect(await heard(bob, 'Hello Bob')).toHaveLength(1);
    await tell(talk, bob, 'again');
    const second = first(await parked(talk));
    await decide(second, 'approve', {}, ben);
    expect(await decide(second, 'reject')).toMatchObject({ status: 'rejected' });
    await rest(talk);
    expect(await heard(bob, 'again')).toEqual([]);
  });

  test('[DR10] until its time is over any verdict can be taken back: the draft waits again, with a fresh deadline', async () => {
    const { bob, talk } = await gated({ undoSeconds: 60 });
    await tell(talk, bob);
    const draft = first(await parked(talk));
    await expect(undo(draft)).rejects.toMatchObject({ code: 'draft.not_decided' });
    for (const [verdict, more] of [
      ['approve'],
      ['edit', { content: 'x' }],
      ['respond', { content: 'x' }],
      ['reject'],
      ['ignore'],
    ] as const) {
      const decided = await decide(draft, verdict, more);
      expect(decided.dispatch).toMatchObject({ state: 'undoable' });
      expect(decided.expiresAt).not.toBeNull();
      const again = await undo(draft, ben);
      expect(again).toMatchObject({ status: 'pending', verdictsGiven: [], dispatch: null });
      expect(Date.parse(again.expiresAt ?? '')).toBeGreaterThan(Date.parse(draft.expiresAt ?? ''));
    }
    expect(await heard(bob, 'Hello Bob')).toEqual([]);
    expect(await only(talk, 'draft.parked')).toHaveLength(6);
  });

  test('[DR10] then it takes its way, and cannot be taken back', async () => {
    const { bob, talk } = await gated({ undoSeconds: 1 });
    await tell(talk, bob);
    const draft = first(await parked(talk));
    await decide(draft, 'approve');
    expect(await heard(bob, 'Hello Bob')).toEqual([]);
    await delivered(draft);
    await expect(undo(draft)).rejects.toMatchObject({ code: 'draft.already_dispatched' });
    expect(await heard(bob, 'Hello Bob')).toHaveLength(1);
  });

  test('[DR11] a draft whose time runs out expires, and its author is told', async () => {
    const { alice, bob, talk } = await gated({ expirySeconds: 1 });
    await tell(talk, bob);
    const draft = first(await parked(talk));
    await expect.poll(async () => (await now(draft)).status, { timeout: 10_000 }).toBe('expired');
    await rest(talk);
    expect(await reads(alice)).toEqual([expect.stringContaining('nobody reviewed your message to Bob in time')]);
    await expect(decide(draft, 'approve')).rejects.toMatchObject({ code: 'draft.expired' });
    expect(await heard(bob, 'Hello Bob')).toEqual([]);
    expect(await now(draft)).toMatchObject({ status: 'expired', dispatch: { state: 'delivered' } });
  });

  test('[DR12] one request decides about several; each is given or refused by itself', async () => {
    const [one, other] = [await gated(), await gated()];
    await tell(one.talk, one.bob);
    await tell(other.talk, other.bob);
    const pending = [first(await parked(one.talk)), first(await parked(other.talk))];
    const wrong = { draftId: first(pending).id, contentHash: '0'.repeat(64) };
    const items = [...pending.map(({ id: draftId, contentHash }) => ({ draftId, contentHash })), wrong];
    const { results } = await giveVerdicts(t.rt, t.ana, { verdict: 'approve', items });
    expect(results.map(({ ok }) => ok)).toEqual([true, true, false]);
    expect(results[2]?.code).toMatch(/^draft\.(changed|already_decided)$/);
    await rest(one.talk);
    await rest(other.talk);
    expect(await heard(one.bob, 'Hello Bob')).toHaveLength(1);
    expect(await heard(other.bob, 'Hello Bob')).toHaveLength(1);
  });

  test.each(['the same key', 'the same body'] as const)(
    '[DR12] a request that stopped in the middle, repeated with %s, answers as it would have',
    async (how) => {
      const [one, other] = [await gated({ reviewers: 2 }), await gated()];
      await tell(one.talk, one.bob);
      await tell(other.talk, other.bob);
      const pending = [first(await parked(one.talk)), first(await parked(other.talk))];
      const items = pending.map(({ id: draftId, contentHash }) => ({ draftId, contentHash }));
      const [half, rest_] = [items.slice(0, 1), items.slice(1)];
      const key = { actorId: 'person:ana', key: 'bulk', intentId: randomUUID(), status: 200 };
      const give = (some: typeof items, rt = t.rt) =>
        giveVerdicts(rt, t.ana, { verdict: 'approve', items: some }, how === 'the same key' ? key : undefined);
      if (how === 'the same key') await give(half);
      else {
        await expect(give(items, awayAfter(1))).rejects.toMatchObject({ code: 'ledger.unavailable' });
      }
      expect((await give(items)).results).toEqual(items.map(({ draftId }) => ({ draftId, ok: true })));
      expect((await now(first(pending))).verdictsGiven).toHaveLength(1);
      const again = (await give(rest_)).results;
      expect(again[0]?.ok).toBe(how === 'the same key');
    },
  );

  test('[DR13] whoever has lost the role while deciding is refused', async () => {
    const { bob, talk } = await gated();
    await tell(talk, bob);
    const draft = first(await parked(talk));
    const { pool } = t.database;
    await pool.query(`UPDATE person SET role = 'viewer' WHERE id = 'ben'`);
    await expect(decide(draft, 'approve', {}, ben)).rejects.toMatchObject({ code: 'auth.forbidden' });
    await pool.query(`UPDATE person SET role = 'reviewer' WHERE id = 'ben'`);
    expect((await now(draft)).status).toBe('pending');
  });

  test('[DR16] a conversation that stops withdraws what waits in it, and the authors are told', async () => {
    const { alice, bob, talk } = await gated();
    await tell(talk, bob);
    const draft = first(await parked(talk));
    await changeConversation(t.rt, t.ana, talk.id, { state: 'stopped' });
    expect(await now(draft)).toMatchObject({ status: 'withdrawn', withdrawnReason: 'Stopped by a person.' });
    await expect(decide(draft, 'approve')).rejects.toMatchObject({ code: 'draft.already_decided' });
    await expect.poll(() => reads(alice), { timeout: 10_000 }).toEqual([expect.stringContaining('stopped')]);
  });

  test('[DR17] parallel messages of one call are decided alone; its answer waits for all', async () => {
    const alice = await agent('Alice');
    const [bob, carol] = [
      await listener('Bob', [{ say: 'b' }], { tags: ['crew'] }),
      await listener('Carol', [{ say: 'c' }], { tags: ['crew'] }),
    ];
    const edges = [inReview(), inReview({ to: 'c' })];
    const talk = await open([alice, bob, carol], { edges });
    await say(talk, a, [
      { call: { tool: tagsTool, arguments: { message: 'all', match_all: ['crew'], match_some: [] } } },
      { say: 'ok' },
    ]);
    const pending = await parked(talk, 2);
    await decide(first(pending), 'approve');
    await rest(talk);
    expect(await reads(alice)).toEqual([]);
    await decide(first(pending.slice(1)), 'reject');
    await rest(talk);
    expect(await reads(alice)).toHaveLength(1);
  });
});
