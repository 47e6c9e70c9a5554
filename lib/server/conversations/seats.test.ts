import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Conversation, SetEdge, Speak } from '@/lib/protocol/conversation';
import { DraftQuery, GiveVerdict } from '@/lib/protocol/draft';
import { EntryId, SeatId } from '@/lib/protocol/ids';
import { askTool, sandboxTalk, tellTool } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import type { Caller } from '../access/caller';
import { giveVerdict } from '../drafts/give-verdicts';
import { listDrafts } from '../drafts/read-drafts';
import { changeConversation } from './change-conversation';
import { handBackSeat } from './hand-back-seat';
import { settleQuarantine } from './settle-quarantine';
import { speak } from './speak';
import { takeSeat } from './take-seat';

let t: TestRuntime;
const [a, b] = [SeatId.parse('a'), SeatId.parse('b')];
const { agent, entries, heard, listed, listener, now, only, open, rest, say, sayElsewhere, stopAll } = sandboxTalk(
  () => t,
);

beforeAll(async () => {
  t = await createTestRuntime();
  await t.database.pool.query(
    `INSERT INTO person (workspace_id, id, name, name_key, role, created_at)
     VALUES ($1, 'ben', 'Ben', 'ben', 'reviewer', now())`,
    [t.rt.workspaceId],
  );
});
afterAll(() => t.close());
afterEach(() => stopAll());

const ben = (): Caller => ({
  ...t.ana,
  actor: { kind: 'person', id: 'ben', name: 'Ben' },
  role: 'reviewer',
  credential: { kind: 'session', id: 'ben' },
});
const take = (talk: Conversation, seat: SeatId, by = t.ana, leaseSeconds = 600) =>
  takeSeat(t.rt, by, talk.id, seat, { leaseSeconds });
const handBack = (talk: Conversation, seat: SeatId, by = t.ana, summary?: string) =>
  handBackSeat(t.rt, by, talk.id, seat, summary === undefined ? {} : { summary });
const speakAs = (talk: Conversation, seat: SeatId, content: string, by = t.ana) =>
  speak(t.rt, by, talk.id, Speak.parse({ as: seat, content }));
const holder = async (talk: Conversation, seat: SeatId) =>
  (await now(talk)).seats.find((each) => each.id === seat)?.holder;
const count = async (talk: Conversation, type: Parameters<typeof only>[1]) => (await only(talk, type)).length;
const until = (what: () => Promise<unknown>) => expect.poll(what, { timeout: 10_000, interval: 30 });
const call = (tool: string, message: string, to: string) => ({
  call: { tool, arguments: { message, other_agent_id: to } },
});
const said = async (agentId: Parameters<typeof listed>[0]) =>
  (await listed(agentId))
    .filter(({ messageType }) => messageType === 'assistant_message')
    .map(({ content }) => content);
const returned = async (agentId: Parameters<typeof listed>[0]) =>
  (await listed(agentId)).flatMap(({ toolReturn }) => (toolReturn ? [toolReturn.text] : []));

/** Alice and Bob, and what Bob says whenever he hears something. */
const pair = async (script: Parameters<typeof listener>[1] = [{ say: 'I heard you' }], more: object = {}) => {
  const [alice, bob] = [await agent('Alice'), await listener('Bob', script)];
  return { alice, bob, talk: await open([alice, bob], more) };
};

describe('taking a seat', () => {
  test('[SE1] interrupts the turn of its agent, and everyone sees who sits there and until when', async () => {
    const { talk, bob } = await pair();
    await say(talk, b, [{ say: 'never finished', stallMs: 60_000 }]);
    await until(() => count(talk, 'turn.started')).toBe(1);
    const taken = await take(talk, b);
    const [entry] = await only(talk, 'seat.taken');
    expect(taken.seats[1]?.holder).toEqual({ personId: 'ana', name: 'Ana', until: entry?.until });
    expect(taken.seats[0]?.holder).toBeNull();
    await until(async () => (await only(talk, 'turn.ended')).map(({ stopReason }) => stopReason)).toEqual([
      'cancelled',
    ]);
    expect(await said(bob)).toEqual([]);
    expect((await now(talk)).state).not.toBe('running');
  });

  test('[SE2] of two who take a seat at once one gets it, and the other is told who sits there', async () => {
    const { talk } = await pair();
    const both = await Promise.allSettled([take(talk, b), take(talk, b, ben())]);
    const refused = both.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(refused).toHaveLength(1);
    const name = (await holder(talk, b))?.name;
    expect(refused[0]).toMatchObject({ code: 'seat.taken', message: expect.stringContaining(`${name} sits in Bob’s`) });
    expect(await count(talk, 'seat.taken')).toBe(1);
    expect((await take(talk, a, ben())).seats[0]?.holder?.name).toBe('Ben');
  });

  test('[SE10] a lease that runs out frees the seat, and renewing moves its end', async () => {
    const [kept, lost] = [await pair(), await pair()];
    await take(kept.talk, b, t.ana, 1);
    await take(kept.talk, b, t.ana, 600);
    await take(lost.talk, b, t.ana, 1);
    await until(() => count(lost.talk, 'seat.expired')).toBe(1);
    expect(await holder(lost.talk, b)).toBeNull();
    expect(await only(kept.talk, 'seat.renewed')).toMatchObject([{ personId: 'ana' }]);
    expect(await holder(kept.talk, b)).toMatchObject({ personId: 'ana' });
    expect(await count(kept.talk, 'seat.expired')).toBe(0);
  });

  test('[SE10] what waited for the agent goes on when the lease runs out', async () => {
    const { talk, bob } = await pair();
    await take(talk, b, t.ana, 1);
    await say(talk, b, [{ say: 'back at work' }]);
    await until(() => said(bob)).toEqual(['back at work']);
    expect(
      (await entries(talk)).filter(({ type }) => /^seat\.expired|^turn\.started/.test(type)).map(({ type }) => type),
    ).toEqual(['seat.expired', 'turn.started']);
  });

  test('[SE10] after a restart of Parley the lease stands', async () => {
    const { talk } = await pair();
    await take(talk, b);
    const before = await holder(talk, b);
    await t.restart();
    expect(await holder(talk, b)).toEqual(before);
  });
});

describe('while a person sits in a seat', () => {
  test('[SE3] a message arrives at the person and not at the agent; a call that does not wait returns at once', async () => {
    const { talk, alice, bob } = await pair();
    await take(talk, b);
    await say(talk, a, [call(tellTool, 'Hello Bob', bob), { say: 'told him' }]);
    await rest(talk);
    expect(await only(talk, 'message.received')).toMatchObject([
      { from: 'a', to: 'b', content: 'Hello Bob', personId: 'ana', otid: null, turnId: null },
    ]);
    expect(await only(talk, 'message.answered')).toMatchObject([
      { status: 'success', text: 'Successfully sent message' },
    ]);
    expect(await said(alice)).toEqual(['told him']);
    expect(await heard(bob, 'Hello Bob')).toEqual([]);
    expect((await now(talk)).turns).toBe(1);
  });

  test('[SE3] a message that waits for the end of the interrupted turn arrives at the person', async () => {
    const { talk, alice, bob } = await pair();
    await say(talk, b, [{ say: 'busy', stallMs: 60_000 }]);
    await say(talk, a, [call(tellTool, 'when you have time', bob), { say: 'ok' }]);
    await until(() => count(talk, 'message.sent')).toBe(1);
    await take(talk, b);
    await rest(talk);
    expect(await only(talk, 'message.received')).toMatchObject([{ personId: 'ana' }]);
    expect(await said(alice)).toEqual(['ok']);
    await handBack(talk, b);
    await rest(talk);
    expect(await heard(bob, 'when you have time')).toEqual([]);
  });

  test('[SE4] a call that waits returns what the person says next as that seat', async () => {
    const { talk, alice, bob } = await pair();
    await take(talk, b);
    await say(talk, a, [call(askTool, 'How are you?', bob), { say: 'good' }]);
    await until(() => count(talk, 'message.received')).toBe(1);
    expect((await now(talk)).state).toBe('waiting');
    const entry = await speakAs(talk, b, 'Well, and you?');
    expect(entry).toMatchObject({
      type: 'message.spoken',
      actor: { id: 'ana' },
      payload: { as: 'b', personId: 'ana' },
    });
    await rest(talk);
    expect(await returned(alice)).toEqual([`{'agent_id': '${bob}', 'response': ['Well, and you?']}`]);
    expect(await said(alice)).toEqual(['good']);
    expect(await said(bob)).toEqual([]);
    expect(await count(talk, 'message.sent')).toBe(1);
  });

  test('[SE4] whoever waits for an agent that is interrupted is answered by the person', async () => {
    const { talk, alice, bob } = await pair([{ say: 'slowly', stallMs: 60_000 }]);
    await say(talk, a, [call(askTool, 'Are you there?', bob), { say: 'thanks' }]);
    await until(() => count(talk, 'message.received')).toBe(1);
    await take(talk, b);
    await until(() => count(talk, 'turn.ended')).toBe(2);
    expect(await count(talk, 'message.answered')).toBe(0);
    await speakAs(talk, b, 'I am, in his place');
    await rest(talk);
    expect(await returned(alice)).toEqual([`{'agent_id': '${bob}', 'response': ['I am, in his place']}`]);
  });

  test('[SE5] what its agent still says, or asks to send, is kept back and carried nowhere', async () => {
    const { talk, alice, bob } = await pair();
    await take(talk, b);
    await sayElsewhere(bob, [{ say: 'a late word', ...call(tellTool, 'a late message', alice) }]);
    await until(() => count(talk, 'output.quarantined')).toBe(2);
    expect(await only(talk, 'output.quarantined')).toMatchObject([
      { seat: 'b', content: 'a late word', toolCallId: null },
      { seat: 'b', content: 'a late message', toAgentId: alice, mode: 'receipt' },
    ]);
    expect(await count(talk, 'message.sent')).toBe(0);
    const seen = (await only(talk, 'message.seen')).filter(({ content }) => content === 'a late word');
    expect(seen).toHaveLength(1);
  });

  test('[SE6] only the holder speaks as the seat, and their words cross to the agent as the seat’s own', async () => {
    const { talk, alice, bob } = await pair();
    await expect(speakAs(talk, b, 'x')).rejects.toMatchObject({ code: 'seat.not_held' });
    await take(talk, b);
    await expect(speakAs(talk, b, 'x', ben())).rejects.toMatchObject({ code: 'seat.taken' });
    await speakAs(talk, b, 'One thing before we go on');
    await rest(talk);
    const [spoken] = await only(talk, 'message.spoken');
    const [sent] = await only(talk, 'message.sent');
    expect(sent).toMatchObject({ from: 'b', to: 'a', mode: 'none', toolCallId: null, spokenOtid: spoken?.otid });
    expect(await heard(alice, 'One thing before we go on')).toMatchObject([{ senderId: bob, senderName: 'Bob' }]);
    expect(await only(talk, 'message.received')).toMatchObject([{ conveyanceId: sent?.conveyanceId }]);
    const told = (await entries(talk)).find(({ type }) => type === 'message.sent');
    expect(told?.actor).toMatchObject({ kind: 'person', id: 'ana' });
  });

  test('[SE12] what people say to its agent waits until the seat is handed back', async () => {
    const { talk, bob } = await pair();
    await take(talk, b);
    await say(talk, b, [{ say: 'now I read it' }]);
    expect((await now(talk)).state).toBe('idle');
    expect(await count(talk, 'turn.started')).toBe(0);
    await handBack(talk, b);
    await until(() => said(bob)).toEqual(['now I read it']);
  });
});

describe('what was kept back', () => {
  const keptBack = async (talk: Conversation) => {
    await until(() => count(talk, 'output.quarantined')).toBe(1);
    const entry = (await entries(talk)).find(({ type }) => type === 'output.quarantined');
    return EntryId.parse(entry?.id);
  };

  /** Ben lets through what was offered. */
  const approve = async (talk: Conversation) => {
    const offered = async () =>
      (await listDrafts(t.database.pool, t.rt.workspaceId, DraftQuery.parse({ conversationId: talk.id }))).items;
    await until(async () => (await offered()).length).toBe(1);
    for (const { id, contentHash } of await offered()) {
      await giveVerdict(t.rt, ben(), id, GiveVerdict.parse({ verdict: 'approve', contentHash }));
    }
  };
  const edges = [SetEdge.parse({ from: 'b', to: 'a', mode: 'pass', undoSeconds: 0 })];

  test('[SE7] words that are released are offered as a draft of the seat, once', async () => {
    const { talk, alice, bob } = await pair([{ say: 'x' }], { edges });
    await take(talk, b);
    await sayElsewhere(bob, [{ say: 'worth telling' }]);
    const entryId = await keptBack(talk);
    const release = () => settleQuarantine(t.rt, ben(), talk.id, entryId, { action: 'release' });
    const [released] = await release();
    expect(released).toMatchObject({ type: 'output.released', payload: { seat: 'b', entryId } });
    await rest(talk);
    expect(await heard(alice, 'worth telling')).toEqual([]);
    await approve(talk);
    await until(() => heard(alice, 'worth telling')).toMatchObject([{ senderId: bob }]);
    await expect(release()).rejects.toMatchObject({ code: 'quarantine.settled' });
    const unknown = EntryId.parse('00000000-0000-7000-8000-000000000000');
    await expect(settleQuarantine(t.rt, ben(), talk.id, unknown, { action: 'drop' })).rejects.toMatchObject({
      code: 'quarantine.not_found',
    });
  });

  test('[SE7] the agent reads what came of a call that was released when it is back', async () => {
    const { talk, alice, bob } = await pair([{ say: 'x' }], { edges });
    await take(talk, b);
    await sayElsewhere(bob, [call(tellTool, 'a late message', alice), { say: 'was it sent?' }]);
    await settleQuarantine(t.rt, t.ana, talk.id, await keptBack(talk), { action: 'release' });
    await approve(talk);
    await until(() => heard(alice, 'a late message')).toHaveLength(1);
    await rest(talk);
    expect(await said(bob)).toEqual([]);
    await handBack(talk, b);
    await until(() => said(bob)).toEqual(['was it sent?']);
    expect(await returned(bob)).toEqual(['Successfully sent message']);
  });

  test('[SE7] a call that is dropped goes nowhere, and its agent reads so when it is back', async () => {
    const { talk, alice, bob } = await pair();
    await take(talk, b);
    await sayElsewhere(bob, [call(tellTool, 'a late message', alice), { say: 'a pity' }]);
    await settleQuarantine(t.rt, ben(), talk.id, await keptBack(talk), { action: 'drop' });
    await handBack(talk, b);
    await until(() => said(bob)).toEqual(['a pity']);
    expect(await returned(bob)).toEqual(['Error: Ben did not let this message through.']);
    expect(await heard(alice, 'a late message')).toEqual([]);
  });
});

describe('handing back', () => {
  test('[SE8] the agent reads what became of its call, then the summary before all else that waits, and goes on', async () => {
    const { talk, alice, bob } = await pair();
    await take(talk, b);
    await sayElsewhere(bob, [call(tellTool, 'a late message', alice), { say: 'I see' }]);
    await until(() => count(talk, 'output.quarantined')).toBe(1);
    await say(talk, b, [{ say: 'third' }]);
    const back = await handBack(talk, b, t.ana, 'Alice wants a report. {"script": [{"say": "second"}]}');
    expect(back.seats[1]?.holder).toBeNull();
    expect(await only(talk, 'seat.handed_back')).toMatchObject([{ personId: 'ana', why: 'handed_back' }]);
    await until(() => said(bob)).toEqual(['I see', 'second', 'third']);
    expect(await returned(bob)).toEqual([expect.stringContaining('Error: Ana sat in your place')]);
    const told = (await listed(bob)).filter(({ messageType }) => messageType === 'user_message');
    expect(told.at(-2)).toMatchObject({
      content: expect.stringMatching(/^\[Ana sat in your place and hands back to you\] Alice wants a report\./),
      senderName: 'Ana',
    });
    expect(await heard(alice, 'a late message')).toEqual([]);
  });

  test('[SE8] only the holder and admins hand a seat back', async () => {
    const { talk } = await pair();
    await expect(handBack(talk, b)).rejects.toMatchObject({ code: 'seat.not_held' });
    await take(talk, b);
    await expect(handBack(talk, b, ben())).rejects.toMatchObject({ code: 'auth.forbidden' });
    await handBack(talk, b);
    await take(talk, b, ben());
    await handBack(talk, b);
    expect(await holder(talk, b)).toBeNull();
  });

  test('[SE9] whoever still waits for the seat is heard by its agent', async () => {
    const { talk, alice, bob } = await pair([{ say: 'it is me again' }]);
    await take(talk, b);
    await say(talk, a, [call(askTool, 'Who is there?', bob), { say: 'good' }]);
    await until(() => count(talk, 'message.received')).toBe(1);
    await handBack(talk, b);
    await rest(talk);
    expect(await returned(alice)).toEqual([`{'agent_id': '${bob}', 'response': ['it is me again']}`]);
    expect(await heard(bob, 'Who is there?')).toHaveLength(1);
  });

  test('[SE9] a message that was being read when the seat was taken is heard again, as nothing of it was kept', async () => {
    const { talk, alice, bob } = await pair([{ say: 'slowly', stallMs: 1_000 }]);
    await say(talk, a, [call(askTool, 'Are you there?', bob), { say: 'thanks' }]);
    await until(() => count(talk, 'message.received')).toBe(1);
    await take(talk, b);
    await until(() => count(talk, 'turn.ended')).toBe(2);
    await handBack(talk, b);
    await rest(talk);
    expect(await returned(alice)).toEqual([`{'agent_id': '${bob}', 'response': ['slowly']}`]);
    expect(await heard(bob, 'Are you there?')).toHaveLength(1);
  });

  test('[SE11] stopping a conversation ends its holds, and whoever waits for the seat reads so', async () => {
    const { talk, alice, bob } = await pair();
    await take(talk, b);
    await say(talk, a, [call(askTool, 'Who is there?', bob), { say: 'nobody' }]);
    await until(() => count(talk, 'message.received')).toBe(1);
    await changeConversation(t.rt, t.ana, talk.id, { state: 'stopped' });
    await until(() => said(alice)).toEqual(['nobody']);
    expect(await returned(alice)).toEqual(['Error: Bob did not answer.']);
    expect(await only(talk, 'seat.handed_back')).toMatchObject([{ why: 'conversation_stopped', summary: null }]);
    expect(await holder(talk, b)).toBeNull();
    await expect(take(talk, b)).rejects.toMatchObject({ code: 'conversation.state' });
    const { rows } = await t.database.pool.query('SELECT 1 FROM deadline WHERE subject = $1', [`${talk.id}/b`]);
    expect(rows).toEqual([]);
  });
});

test('[SE11] answers that waited for the agent of a held seat go out when the conversation stops', async () => {
  const { talk, alice, bob } = await pair();
  await say(talk, a, [{ say: 'busy', stallMs: 60_000 }]);
  await say(talk, b, [call(askTool, 'Alice?', alice), { say: 'I read it' }]);
  await until(() => count(talk, 'message.sent')).toBe(1);
  await take(talk, b);
  await take(talk, a);
  await speakAs(talk, a, 'Here, in her place');
  await until(() => count(talk, 'message.answered')).toBe(1);
  expect(await said(bob)).toEqual([]);
  await changeConversation(t.rt, t.ana, talk.id, { state: 'stopped' });
  await until(() => said(bob)).toEqual(['I read it']);
  expect(await returned(bob)).toEqual([`{'agent_id': '${alice}', 'response': ['Here, in her place']}`]);
});
