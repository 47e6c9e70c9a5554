import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Conversation } from '@/lib/protocol/conversation';
import { Speak } from '@/lib/protocol/conversation';
import { EntryId, SeatId } from '@/lib/protocol/ids';
import { first, inReview, reviewDesk } from '@/lib/testing/review-desk';
import { askTool, sandboxTalk, tellTool } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { handBackSeat } from './hand-back-seat';
import { setEdge } from './set-edge';
import { settleQuarantine } from './settle-quarantine';
import { speak } from './speak';
import { takeSeat } from './take-seat';

let t: TestRuntime;
const [a, b] = [SeatId.parse('a'), SeatId.parse('b')];
const { agent, entries, gateway, listed, listener, only, open, rest, say, sayElsewhere, stopAll } = sandboxTalk(
  () => t,
);
const { seatPeople, decide, parked, reads, delivered } = reviewDesk(() => t);

beforeAll(async () => {
  t = await createTestRuntime();
  await seatPeople();
});
afterAll(() => t.close());
afterEach(() => stopAll());

const until = (what: () => Promise<unknown>) => expect.poll(what, { timeout: 15_000, interval: 30 });
const call = (tool: string, message: string, to: string) => ({
  call: { tool, arguments: { message, other_agent_id: to } },
});
const take = (talk: Conversation, seat: SeatId) => takeSeat(t.rt, t.ana, talk.id, seat, { leaseSeconds: 600 });
const handBack = (talk: Conversation, seat: SeatId) => handBackSeat(t.rt, t.ana, talk.id, seat, {});
const speakAs = (talk: Conversation, seat: SeatId, content: string) =>
  speak(t.rt, t.ana, talk.id, Speak.parse({ as: seat, content }));
const gated = async (agentId: Parameters<typeof listed>[0]) => (await gateway().findAgent(agentId))?.approvalTools;
const hears = async (agentId: Parameters<typeof listed>[0], words: string) =>
  (await listed(agentId)).filter(
    ({ messageType, content }) => messageType !== 'assistant_message' && content?.includes(words),
  );

describe.each(['engine', 'relay'] as const)('a person in a seat, in %s', (conveyance) => {
  const pair = async (more: object = {}) => {
    const [alice, bob] = [await listener('Alice', [{ say: ' ' }]), await listener('Bob', [{ say: 'says Bob' }])];
    return { alice, bob, talk: await open([alice, bob], { conveyance, ...more }) };
  };

  test('[SE17] what an agent asks the seat by its own call arrives at the person, who answers it', async () => {
    const { alice, bob, talk } = await pair();
    await take(talk, b);
    expect((await gated(alice))?.toSorted()).toContain(askTool);
    await say(talk, a, [call(askTool, 'Are you there?', bob), { say: ' ' }]);
    await until(() => only(talk, 'message.received')).toMatchObject([
      { to: 'b', personId: 'ana', content: 'Are you there?' },
    ]);
    await speakAs(talk, b, 'I am, in his place');
    await until(() => reads(alice)).toEqual([`{'agent_id': '${bob}', 'response': ['I am, in his place']}`]);
    await handBack(talk, b);
    await until(() => gated(alice)).toEqual([]);
    expect(await hears(bob, 'Are you there?')).toEqual([]);
    await rest(talk);
    expect((await only(talk, 'message.sent')).filter(({ from }) => from === 'a')).toHaveLength(1);
  });

  test('[SE17] whoever still waits when the seat is handed back is heard by its agent, and reads its answer', async () => {
    const { alice, bob, talk } = await pair();
    await take(talk, b);
    await say(talk, a, [call(askTool, 'Anybody?', bob), { say: ' ' }]);
    await until(async () => (await only(talk, 'message.received')).length).toBe(1);
    await handBack(talk, b);
    await until(() => reads(alice)).toEqual([`{'agent_id': '${bob}', 'response': ['says Bob']}`]);
    await rest(talk);
    expect(await hears(bob, 'Anybody?')).toHaveLength(1);
  });

  test('[SE17] what its agent asks to send past Parley is kept back, and goes out only when it is released', async () => {
    const { alice, bob, talk } = await pair();
    await take(talk, a);
    await sayElsewhere(alice, [call(tellTool, 'much too late', bob)]);
    const kept = async () => (await entries(talk)).filter(({ type }) => type === 'output.quarantined');
    await until(async () => (await kept()).length).toBe(1);
    expect(await hears(bob, 'much too late')).toEqual([]);
    await settleQuarantine(t.rt, t.ana, talk.id, EntryId.parse(first(await kept()).id), { action: 'release' });
    const draft = first(await parked(talk));
    expect(draft).toMatchObject({ heldBy: 'quarantine', content: 'much too late' });
    await decide(draft, 'approve');
    await delivered(draft);
    await until(async () => (await hears(bob, 'much too late')).length).toBe(1);
  });

  test('[SE17] what goes between others goes on by itself', async () => {
    const carol = await listener('Carol', [{ say: 'says Carol' }]);
    const [alice, bob] = [await listener('Alice', [{ say: ' ' }]), await agent('Bob')];
    const talk = await open([alice, bob, carol], { conveyance });
    await take(talk, b);
    await say(talk, a, [call(askTool, 'Hello Carol', carol), { say: ' ' }]);
    await until(() => reads(alice)).toEqual([expect.stringContaining('says Carol')]);
    expect(await hears(carol, 'Hello Carol')).toHaveLength(1);
  });

  test('[SE17] an approved message whose receiver’s seat was taken meanwhile arrives at the person', async () => {
    const { alice, bob, talk } = await pair({ edges: [inReview()] });
    await say(talk, a, [call(askTool, 'Held for you', bob), { say: ' ' }]);
    const draft = first(await parked(talk));
    await take(talk, b);
    await decide(draft, 'approve');
    await delivered(draft);
    expect(await only(talk, 'message.received')).toMatchObject([{ personId: 'ana', content: 'Held for you' }]);
    await speakAs(talk, b, 'Read it');
    await until(() => reads(alice)).toEqual([`{'agent_id': '${bob}', 'response': ['Read it']}`]);
    expect(await hears(bob, 'Held for you')).toEqual([]);
    await setEdge(t.rt, t.ana, talk.id, inReview({ mode: 'pass' }));
  });
});

test('[DR28] what an edited message of its own call is answered with is read by its author, and relayed to nobody', async () => {
  const [alice, bob] = [await listener('Alice', [{ say: ' ' }]), await listener('Bob', [{ say: 'says Bob' }])];
  const talk = await open([alice, bob], { conveyance: 'relay', edges: [inReview()] });
  await say(talk, a, [call(askTool, 'Hello fool', bob), { say: ' ' }]);
  const draft = first(await parked(talk));
  await decide(draft, 'edit', { content: 'Hello dear' });
  await until(() => reads(alice)).toEqual([expect.stringContaining("'response': ['says Bob']")]);
  expect(first(await reads(alice))).toContain('What was delivered: Hello dear');
  await rest(talk);
  expect((await only(talk, 'message.sent')).map(({ content }) => content)).toEqual(['Hello fool']);
  expect(await hears(bob, 'Hello dear')).toHaveLength(1);
});
