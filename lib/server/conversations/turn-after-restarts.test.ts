import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Conversation } from '@/lib/protocol/conversation';
import { SeatId } from '@/lib/protocol/ids';
import { apart, type LettaApart, lettaApart } from '@/lib/testing/letta-apart';
import { sandboxTalk } from '@/lib/testing/sandbox-talk';

/** Its killed turns stay listed as working for ever, as those of the real one do. */
let letta: LettaApart;

const a = SeatId.parse('a');
const { agent, gateway, only, open, rest, say, state, stopAll } = sandboxTalk(() => letta.t, apart);

beforeAll(async () => {
  letta = await lettaApart();
}, 60_000);
afterAll(() => letta.close(), 60_000);
afterEach(() => stopAll());

const parley = async (expected: 'connected' | 'lost') => {
  await letta.t.restart();
  await letta.becomes(expected);
};
/** As if Parley had been away for so long that a Letta could have started meanwhile. */
const awayForAMinute = async (work: () => Promise<void>) => {
  const { database } = letta.t;
  await letta.t.meanwhile(async () => {
    await work();
    await database.pool.query(`UPDATE letta_server SET seen_at = seen_at - interval '1 minute'`);
  });
  await letta.becomes('connected');
};

const storms: Record<string, () => Promise<void>> = {
  'Letta goes, Parley restarts, Letta comes back, Parley restarts': async () => {
    await letta.goes();
    await parley('lost');
    await letta.comes();
    await parley('connected');
  },
  'Letta goes and comes back, Parley restarts twice': async () => {
    await letta.goes();
    await letta.comes();
    await parley('connected');
    await parley('connected');
  },
  'Letta goes, Parley goes, Letta comes back, Parley comes back and restarts': async () => {
    await letta.goes();
    await letta.t.meanwhile(letta.start);
    await letta.becomes('connected');
    await parley('connected');
  },
  'Parley restarts, Letta goes and comes back twice': async () => {
    await parley('connected');
    for (const _ of [1, 2]) {
      await letta.goes();
      await letta.comes();
    }
  },
  'both are away at once for a minute, and Parley restarts again': async () => {
    await awayForAMinute(async () => {
      await letta.stop();
      await letta.start();
    });
    await parley('connected');
  },
};

async function midTurn(stallMs: number): Promise<Conversation> {
  const talk = await open([await agent('Alice', { server: apart }), await agent('Bob', { server: apart })]);
  await say(talk, a, [{ say: 'at last', stallMs }]);
  await expect.poll(async () => (await only(talk, 'turn.started')).length, { timeout: 10_000 }).toBe(1);
  const [{ agentId } = { agentId: undefined }] = talk.seats;
  if (!agentId) throw new Error('nobody sits there');
  const working = async () => (await gateway().listRuns(agentId, new Date(0))).map(({ status }) => status);
  await expect.poll(working, { timeout: 10_000 }).toEqual(['running']);
  return talk;
}

test.each(Object.entries(storms))(
  '[CV59] %s: a turn that did not live through it ends within seconds, and the agent is free',
  async (_, storm) => {
    const talk = await midTurn(300_000);
    await storm();
    await expect.poll(() => state(talk), { timeout: 15_000, interval: 50 }).toBe('idle');
    expect(await only(talk, 'turn.ended')).toMatchObject([
      { stopReason: 'lost', error: expect.stringMatching(/nothing comes/) },
    ]);
    await say(talk, a, [{ say: 'once more' }]);
    await rest(talk);
    expect((await only(talk, 'turn.ended')).at(-1)).toMatchObject({ stopReason: 'end_turn', error: null });
  },
  90_000,
);

test('[CV59] a turn that goes on in Letta while Parley restarts twice is waited for, and its end is that of its run', async () => {
  const talk = await midTurn(14_000);
  await parley('connected');
  await parley('connected');
  await expect.poll(() => state(talk), { timeout: 40_000, interval: 50 }).toBe('idle');
  expect(await only(talk, 'turn.ended')).toMatchObject([{ stopReason: 'end_turn', error: null }]);
  const said = (await only(talk, 'message.seen')).filter(({ messageType }) => messageType === 'assistant_message');
  expect(said.map(({ content }) => content)).toEqual(['at last']);
}, 90_000);
