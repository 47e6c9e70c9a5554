import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Conversation } from '@/lib/protocol/conversation';
import { SeatId } from '@/lib/protocol/ids';
import { apart, type LettaApart, lettaApart } from '@/lib/testing/letta-apart';
import { rounds } from '@/lib/testing/rounds';
import { sandboxTalk, tellTool } from '@/lib/testing/sandbox-talk';
import { changeConversation } from './change-conversation';
import { settleConveyance } from './settle-conveyance';

let letta: LettaApart;

const [a, b] = [SeatId.parse('a'), SeatId.parse('b')];
const { agent, gateway, heard, listed, listener, only, open, rest, say, state } = sandboxTalk(() => letta.t, apart);

beforeAll(async () => {
  letta = await lettaApart();
}, 60_000);
afterAll(() => letta.close(), 60_000);

const within = { timeout: 40_000, interval: 50 };
const storms = {
  'Parley stops and comes back': () => letta.t.restart(),
  // As long as a real server takes to start, Parley has seen that it was gone.
  'Letta stops and comes back': async () => {
    await letta.goes();
    await letta.comes();
  },
  'both do': () =>
    letta.t.meanwhile(async () => {
      await letta.stop();
      await letta.start();
    }),
};

const nameOf = ({ messageType, messageId }: { messageType: string; messageId: string }) =>
  `${messageType} ${messageId}`;

/** All that the engine lists is in the transcript, in its order, and nothing is told twice. */
async function expectWhole(talk: Conversation): Promise<void> {
  for (const [index, seat] of [a, b].entries()) {
    const { agentId } = talk.seats[index] ?? { agentId: undefined };
    if (!agentId) throw new Error('nobody sits there');
    const engine = (await listed(agentId)).map(nameOf).sort();
    const seen = async () =>
      (await only(talk, 'message.seen'))
        .filter((message) => message.seat === seat)
        .map(nameOf)
        .sort();
    await expect.poll(seen, within).toEqual(engine);
  }
  for (const type of ['message.sent', 'message.received', 'message.answered'] as const) {
    const ids = (await only(talk, type)).map(({ conveyanceId }) => conveyanceId);
    expect(new Set(ids).size, type).toBe(ids.length);
  }
  const turns = (await only(talk, 'turn.ended')).map(({ turnId }) => turnId);
  expect(new Set(turns).size).toBe(turns.length);
}

/** Comes to rest. Where nobody can say whether a message arrived, a person gives it up, as they would. */
async function calm(talk: Conversation): Promise<void> {
  const settled = async () => {
    const latest = new Map(
      (await only(talk, 'message.delivery_failed')).map((each) => [each.conveyanceId, each.outcome]),
    );
    for (const [conveyanceId, outcome] of latest) {
      if (outcome === 'outcome_unknown') await settleConveyance(letta.t.rt, letta.t.ana, talk.id, conveyanceId, 'drop');
    }
    return state(talk);
  };
  await expect.poll(settled, within).toBe('idle');
}

for (const [what, storm] of Object.entries(storms)) {
  test(
    `[CV58] in the middle of a turn ${what}: the transcript is whole and the gates are right`,
    async () => {
      for (let round = 0; round < rounds(1); round += 1) {
        const bob = await listener('Bob', [{ say: 'I heard you', stallMs: 150 }], { server: apart });
        const alice = await agent('Alice', { server: apart });
        const talk = await open([alice, bob]);
        const tell = (message: string) => ({ call: { tool: tellTool, arguments: { message, other_agent_id: bob } } });
        await say(talk, a, [
          tell('first of two'),
          { ...tell('second of two'), stallMs: 200 },
          { say: 'both are out', stallMs: 200 },
        ]);
        await expect.poll(async () => (await only(talk, 'message.received')).length, within).toBeGreaterThan(0);
        await storm();
        await calm(talk);
        await say(talk, a, [tell('after all'), { say: 'calm again' }]);
        await rest(talk);
        await expectWhole(talk);
        for (const text of ['first of two', 'second of two', 'after all'])
          expect((await heard(bob, text)).length).toBeLessThanOrEqual(1);
        expect(await heard(bob, 'after all')).toHaveLength(1);
        for (const each of [alice, bob]) expect((await gateway().findAgent(each))?.approvalTools).toContain(tellTool);
        await changeConversation(letta.t.rt, letta.t.ana, talk.id, { state: 'stopped' });
        for (const each of [alice, bob]) {
          await expect.poll(async () => (await gateway().findAgent(each))?.approvalTools, within).toEqual([]);
        }
      }
    },
    rounds(90_000),
  );
}
