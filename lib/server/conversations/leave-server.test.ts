import { afterAll, beforeAll, expect, test } from 'vitest';
import { SeatId } from '@/lib/protocol/ids';
import { apart, type LettaApart, lettaApart } from '@/lib/testing/letta-apart';
import { first, reviewDesk } from '@/lib/testing/review-desk';
import { sandboxTalk } from '@/lib/testing/sandbox-talk';
import { leaveServer } from './leave-server';

let letta: LettaApart;
const a = SeatId.parse('a');
const { agent, gateway, only, open, say, sayElsewhere, state } = sandboxTalk(() => letta.t, apart);
const desk = reviewDesk(() => letta.t);
const remember = 'core_memory_append';

beforeAll(async () => {
  letta = await lettaApart();
  await desk.seatPeople();
}, 60_000);
afterAll(() => letta.close(), 60_000);

test('[DR26] what waits for agents in no conversation is withdrawn with the reason when their server is disconnected', async () => {
  const { t } = letta;
  const url = t.rt.letta.require(apart).status.url;
  const asked = async (name: string) => {
    const agentId = await agent(name, { server: apart, tools: [remember], blocks: [{ label: 'notes', value: '' }] });
    await gateway().setApproval(agentId, remember, true);
    await sayElsewhere(agentId, [{ call: { tool: remember, arguments: { label: 'notes', content: 'likes tea' } } }]);
    return first(await desk.parkedOf(agentId));
  };
  const [waiting, decided] = [await asked('Alice'), await asked('Bob')];
  await letta.goes();
  await desk.decide(decided, 'approve');
  await expect.poll(async () => (await desk.now(decided)).dispatch?.state, { timeout: 20_000 }).toBe('dispatching');
  await leaveServer(t.rt, t.ana, apart);
  for (const draft of [waiting, decided]) {
    await desk.becomes(draft, 'withdrawn');
    expect(await desk.inbox('draft.withdrawn', draft)).toMatchObject([{ reason: 'apart was disconnected.' }]);
  }
  await letta.start();
  await t.rt.letta.add(t.ana.actor, { name: apart, dialect: 'rest', url });
  await letta.becomes('connected');
});

test('[CV66] a turn on a server that is disconnected ends with it, and nothing waits for its end', async () => {
  const { t } = letta;
  const talk = await open([await agent('Alice', { server: apart }), await agent('Bob', { server: apart })]);
  await say(talk, a, [{ say: 'at last', stallMs: 60_000 }]);
  await expect.poll(async () => (await only(talk, 'turn.started')).length, { timeout: 10_000 }).toBe(1);
  await say(talk, a, [{ say: 'next' }]);
  await leaveServer(t.rt, t.ana, apart);
  expect(await state(talk)).toBe('stopped');
  expect(await only(talk, 'turn.ended')).toMatchObject([
    { stopReason: 'lost', error: 'apart was disconnected.' },
    { stopReason: 'not_sent', error: 'apart was disconnected.' },
  ]);
  const releases = async () =>
    (await t.database.pool.query("SELECT 1 FROM graphile_worker.jobs WHERE task_identifier = 'gates.release'"))
      .rowCount;
  await expect.poll(releases, { timeout: 10_000 }).toBe(0);
});
