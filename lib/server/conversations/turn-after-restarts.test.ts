import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Conversation } from '@/lib/protocol/conversation';
import { SeatId, ServerName } from '@/lib/protocol/ids';
import { createLog } from '@/lib/server/log';
import { sandboxTalk } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { type RunningSandbox, startSandbox } from '../letta/sandbox/start-sandbox';

/** Letta as a server of its own, whose killed turns stay listed as working for ever, as those of the real one do. */
let letta: RunningSandbox;
let t: TestRuntime;

const server = ServerName.parse('apart');
const workspaceId = randomUUID();
const a = SeatId.parse('a');
const { agent, gateway, only, open, rest, say, state, stopAll } = sandboxTalk(() => t, server);

const startLetta = (port = 0) =>
  startSandbox({
    pool: t.database.pool,
    workspaceId,
    host: '127.0.0.1',
    port,
    log: createLog({ logLevel: 'silent' }),
    paceMs: 'instant',
  });

beforeAll(async () => {
  t = await createTestRuntime({ PARLEY_SANDBOX: 'off' });
  letta = await startLetta();
  await t.rt.letta.add(t.ana.actor, { name: server, dialect: 'rest', url: letta.url });
}, 60_000);
afterAll(async () => {
  await t.close();
  await letta.stop();
}, 60_000);
afterEach(() => stopAll());

const becomes = (wanted: string) =>
  expect.poll(() => t.rt.letta.require(server).status.state, { timeout: 40_000, interval: 50 }).toBe(wanted);
const port = () => Number(new URL(letta.url).port);
const lettaGoes = async () => {
  await letta.stop();
  await becomes('lost');
};
const lettaComes = async () => {
  letta = await startLetta(port());
  await becomes('connected');
};
const parley = async (expected: string) => {
  await t.restart();
  await becomes(expected);
};
/** As if Parley had been away for so long that a Letta could have started meanwhile. */
const awayForAMinute = async (work: () => Promise<void>) => {
  await t.meanwhile(async () => {
    await work();
    await t.database.pool.query(`UPDATE letta_server SET seen_at = seen_at - interval '1 minute'`);
  });
  await becomes('connected');
};

const storms: Record<string, () => Promise<void>> = {
  'Letta goes, Parley restarts, Letta comes back, Parley restarts': async () => {
    await lettaGoes();
    await parley('lost');
    await lettaComes();
    await parley('connected');
  },
  'Letta goes and comes back, Parley restarts twice': async () => {
    await lettaGoes();
    await lettaComes();
    await parley('connected');
    await parley('connected');
  },
  'Letta goes, Parley goes, Letta comes back, Parley comes back and restarts': async () => {
    await lettaGoes();
    await t.meanwhile(async () => {
      letta = await startLetta(port());
    });
    await becomes('connected');
    await parley('connected');
  },
  'Parley restarts, Letta goes and comes back twice': async () => {
    await parley('connected');
    for (const _ of [1, 2]) {
      await lettaGoes();
      await lettaComes();
    }
  },
  'both are away at once for a minute, and Parley restarts again': async () => {
    await awayForAMinute(async () => {
      await letta.stop();
      letta = await startLetta(port());
    });
    await parley('connected');
  },
};

async function midTurn(stallMs: number): Promise<Conversation> {
  const talk = await open([await agent('Alice', { server }), await agent('Bob', { server })]);
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
